"""The public register in words: what is asked of it, whose an area is, why a step was taken. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.errors import Refused, refuse
from app.kit.messages import Message, say
from app.models.catalogue import DecisionReason
from app.models.registry import AreaCode, AreaCodeStep, CodeStatus
from app.registry.register_queries import Holder, RegisteredCode, Wanted

_FORMS = {
    "market": re.compile(r"[A-Z]{3}"),
    "crop": re.compile(r"[A-Za-z0-9_-]{1,40}"),
    "commune": re.compile(r"[0-9]{5}"),
}


def wanted_of(typed: Mapping[str, str]) -> Wanted:
    """What is asked for in an address; raises Refused at the field that cannot be meant."""
    chosen = {name: typed.get(name, "").strip() for name in (*_FORMS, "status")}
    for name, form in _FORMS.items():
        if chosen[name] and not form.fullmatch(chosen[name]):
            raise _no_choice(name)
    status = chosen.pop("status")
    if status and status not in set(CodeStatus):
        raise _no_choice("status")
    standing = CodeStatus(status) if status else None
    return Wanted(q=typed.get("q", ""), status=standing, **chosen)


def holder_said(holder: Holder) -> Message:
    """Whose it is; a household that is not named is told by its commune."""
    if holder.name is None:
        return say("Growing household, {commune}", commune=holder.commune.name)
    return say("{words}", words=holder.name)


@dataclass(frozen=True)
class StepSaid:
    """A step in the life of a code as everybody reads it."""

    status: CodeStatus
    effective_on: date
    number: str
    reason: str


def steps_said(
    told: RegisteredCode, reasons: Mapping[str, DecisionReason], tag: str, *, named: bool
) -> list[StepSaid]:
    """The steps of a code, each with the number of its decision and the reason in a language.

    The reason is one of the dated list, else the officer's own words; these may name a person, so
    that they are left out where the holder is not `named` to the public.
    """
    said = []
    for step in told.steps:
        number = _number(told.code, step)
        listed = reasons.get(step.reason_slug)
        words = step.reason if named and step.reason != number else ""
        reason = _of_list(listed, tag) if listed else words
        said.append(StepSaid(step.status, step.effective_on, number, reason))
    return said


def _number(code: AreaCode, step: AreaCodeStep) -> str:
    # A code is issued by its own decision, whose number its first step keeps as the reason.
    issued = step.status is CodeStatus.ACTIVE and step.reason == code.decision_number
    return step.decision_number or (code.decision_number if issued else "")


def _of_list(reason: DecisionReason, tag: str) -> str:
    words = {"vi": reason.text_vi, "en": reason.text_en, "zh": reason.text_zh}[tag]
    return f"{words} ({reason.legal_ref})"


def _no_choice(field: str) -> Refused:
    return refuse(field, say("This is not one of the choices."))
