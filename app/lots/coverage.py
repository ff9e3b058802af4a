"""Whether a certificate covers a lot with all its parts, and whether it still stands today. Pure."""

from dataclasses import replace
from datetime import date

from app.certificates.conversion import Growth, Periods, Stage, conversion_of
from app.certificates.rules import (
    CONVERSION,
    FACILITY_KINDS,
    PRODUCT_KINDS,
    TAKES_AWAY,
    CertificateFacts,
    Covered,
    NotCovered,
    coverage,
    status_on,
)
from app.kit.messages import say
from app.lots.balance import reason_over_certified
from app.lots.facts import Evidence, PartFacts
from app.lots.inputs import Obstacle
from app.models.catalogue import StandardKind
from app.models.certificates import CertificateStatus

ORGANIC = StandardKind.ORGANIC.value
# These do not rest on who grew it.
NOT_OF_GROWERS = FACILITY_KINDS | PRODUCT_KINDS


def covered(
    certificate: CertificateFacts, evidence: Evidence, periods: Periods | None
) -> Covered | Obstacle:
    """What a certificate lets a whole lot claim, or the first part that stands in the way.

    A lot whose parts differ cannot claim as a whole: it is as good as its weakest part.
    """
    verdicts = [_of_part(certificate, evidence, part, periods) for part in evidence.parts]
    for number, verdict in enumerate(verdicts, start=1):
        if isinstance(verdict, NotCovered):
            return _said_of_part(verdict, evidence, number)
    over = _over_the_certificate(certificate, evidence)
    if over is not None:
        return over
    weakest = [verdict for verdict in verdicts if isinstance(verdict, Covered)]
    return next((one for one in weakest if one.kind == CONVERSION), weakest[0])


def lost_since(certificate: CertificateFacts, today: date) -> Obstacle | None:
    """Why a certificate that covered the harvest does not help it today."""
    later = status_on(certificate.steps, today)
    return _LOST[later] if later in TAKES_AWAY else None


def _of_part(
    certificate: CertificateFacts, evidence: Evidence, part: PartFacts, periods: Periods | None
) -> Covered | NotCovered:
    verdict = coverage(certificate, replace(evidence.lot, grower_id=part.grower_id))
    if isinstance(verdict, NotCovered) or certificate.kind in NOT_OF_GROWERS:
        return verdict
    if not part.member:
        day = evidence.lot.harvested_on
        return NotCovered(
            say("The grower was not a member on the harvest day {day}.", day=day),
            say("Correct the membership, if it did not end before the harvest."),
        )
    return _converted(certificate, evidence, part, periods) or verdict


def _converted(
    certificate: CertificateFacts, evidence: Evidence, part: PartFacts, periods: Periods | None
) -> Covered | NotCovered | None:
    """How far the land of a part had converted to organic; None where it changes nothing."""
    if certificate.kind != ORGANIC or periods is None:
        return None
    growth = Growth(evidence.perennial, part.sown_on, evidence.lot.harvested_on)
    found = conversion_of(certificate.conversion_from, growth, periods=periods)
    if found is None or found.stage is Stage.ORGANIC:
        return None
    if found.stage is Stage.IN_CONVERSION:
        return Covered(CONVERSION, found.reason)
    return NotCovered(found.reason, found.mend or say("A new certificate is needed."))


def _said_of_part(verdict: NotCovered, evidence: Evidence, number: int) -> Obstacle:
    if len(evidence.parts) == 1:
        return Obstacle(verdict.reason, verdict.mend)
    return Obstacle(
        say(
            "Part {number} of {count} ({quantity}): {why}",
            number=number,
            count=len(evidence.parts),
            quantity=evidence.parts[number - 1].quantity,
            why=verdict.reason,
        ),
        say("{mend} Or record the other parts as a lot of their own.", mend=verdict.mend),
    )


def _over_the_certificate(certificate: CertificateFacts, evidence: Evidence) -> Obstacle | None:
    weighed = evidence.certified.get(certificate.id)
    if weighed is None or weighed.passes:
        return None
    return Obstacle(
        reason_over_certified(weighed, certificate.number),
        say("Ask the certification body to raise the output that the certificate covers."),
    )


_LOST: dict[CertificateStatus, Obstacle] = {
    CertificateStatus.SUSPENDED: Obstacle(
        say("The certificate is suspended today."), say("The certification body can restore it.")
    ),
    CertificateStatus.WITHDRAWN: Obstacle(
        say("The certificate was withdrawn since."), say("A new certificate is needed.")
    ),
}
