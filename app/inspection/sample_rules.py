"""Which step of a sample's way may follow which, so that no hand is missing between. Pure."""

from datetime import datetime

from app.errors import FieldError
from app.kit.messages import say
from app.models.samples import SampleStep, SampleStepKind

NEXT: dict[SampleStepKind, frozenset[SampleStepKind]] = {
    SampleStepKind.TAKEN: frozenset({SampleStepKind.SEALED}),
    SampleStepKind.SEALED: frozenset({SampleStepKind.HANDED_OVER}),
    # From hand to hand as often as it needs, until a laboratory has it.
    SampleStepKind.HANDED_OVER: frozenset(
        {SampleStepKind.HANDED_OVER, SampleStepKind.RECEIVED, SampleStepKind.REFUSED}
    ),
    SampleStepKind.RECEIVED: frozenset({SampleStepKind.RESULTED}),
    SampleStepKind.REFUSED: frozenset(),
    SampleStepKind.RESULTED: frozenset(),
}
BY_HAND = (SampleStepKind.HANDED_OVER, SampleStepKind.RECEIVED, SampleStepKind.REFUSED)


def may_follow(state: SampleStepKind, step: SampleStepKind) -> bool:
    """Whether a step may follow another."""
    return step in NEXT[state]


def faults_of_step(step: SampleStep, before: SampleStep, *, now: datetime) -> list[FieldError]:
    """What is wrong with a step: who gave is who last took, nobody hands over before they have it."""
    faults = []
    if not step.giver:
        faults.append(FieldError("giver", say("This is required.")))
    if not step.taker and step.kind is not SampleStepKind.REFUSED:
        faults.append(FieldError("taker", say("This is required.")))
    if step.at > now:
        faults.append(FieldError("at", say("This moment is still to come.")))
    if step.at < before.at:
        why = say("The step before was at {moment}; this cannot be earlier.", moment=before.at)
        faults.append(FieldError("at", why))
    broken = step.seal_whole is False
    if broken and step.kind is SampleStepKind.RECEIVED:
        why = say("A sample with a broken seal is not received: the laboratory refuses it.")
        faults.append(FieldError("seal_whole", why))
    return faults
