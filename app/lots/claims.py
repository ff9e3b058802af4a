"""A lot's claims: a standard kept or a planting-area code held, granted or withheld with a reason. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.certificates.rules import (
    TAKES_AWAY,
    CertificateFacts,
    Lot,
    NotCovered,
    coverage,
    status_on,
)
from app.kit.messages import Message, say
from app.models.certificates import CertificateStatus
from app.models.registry import HOLDING, CodeScheme, CodeStatus

AREA_CODE = "area_code"
IN_CONVERSION = "organic_conversion"
HOME_MARKET = "VNM"


TITLES: dict[str, Message] = {
    AREA_CODE: say("Planting-area code"),
    IN_CONVERSION: say("In conversion to organic"),
    "vietgap": say("VietGAP"),
    "organic": say("Organic"),
    "globalgap": say("GLOBALG.A.P."),
    "food_safety": say("Food-safety facility"),
    "ocop": say("OCOP"),
}


@dataclass(frozen=True)
class Claim:
    """One claim with its decision. `certificate` is the one that grants it, or came nearest."""

    kind: str
    granted: bool
    reason: Message
    mend: Message | None = None
    certificate: CertificateFacts | None = None

    @property
    def label(self) -> Message:
        """What the claim is called."""
        return TITLES.get(self.kind, say("Certified"))

    @property
    def certificate_id(self) -> int | None:
        return self.certificate.id if self.certificate else None

    @property
    def number(self) -> str | None:
        return self.certificate.number if self.certificate else None


@dataclass(frozen=True)
class CodeFacts:
    """A planting-area code of a lot's area: its status on the harvest day (None: not issued yet) and today."""

    code: str
    market: str
    scheme: CodeScheme
    issued_on: date
    then: CodeStatus | None
    now: CodeStatus


def claims_for(
    lot: Lot,
    *,
    codes: Sequence[CodeFacts],
    certificates: Sequence[CertificateFacts],
    today: date,
) -> list[Claim]:
    """Every claim the lot could think of making, decided with what is known today.

    One claim for the planting-area code of the home market and one for each kind of standard of
    which the organisation holds, or held, a certificate. A kind nobody certified is no claim.
    """
    kinds = sorted({certificate.kind for certificate in certificates})
    of_kind = [
        _of_standard(kind, lot, [held for held in certificates if held.kind == kind], today)
        for kind in kinds
    ]
    return [_of_code(lot, [code for code in codes if code.market == HOME_MARKET]), *of_kind]


def _of_code(lot: Lot, codes: Sequence[CodeFacts]) -> Claim:
    active = [code for code in codes if code.then in HOLDING]
    if active:
        held = say(
            "The planting area held code {code} on the harvest day {day}.",
            code=active[0].code,
            day=lot.harvested_on,
        )
        return Claim(AREA_CODE, granted=True, reason=held)
    lost = [code for code in codes if code.then is not None]
    if lost:
        return Claim(
            AREA_CODE,
            granted=False,
            reason=say(
                "Code {code} was suspended or revoked on the harvest day {day}.",
                code=lost[0].code,
                day=lot.harvested_on,
            ),
            mend=say("Harvests count again from the day the code is restored."),
        )
    return Claim(
        AREA_CODE,
        granted=False,
        reason=say("The planting area had no code on the harvest day {day}.", day=lot.harvested_on),
        mend=say("Apply for a planting-area code for this area."),
    )


def _of_standard(kind: str, lot: Lot, held: Sequence[CertificateFacts], today: date) -> Claim:
    decisions = [_decided(kind, lot, certificate, today) for certificate in held]
    granted = [claim for claim in decisions if claim.granted]
    if granted:
        # Organic before "in conversion", where certificates grant both.
        return next((claim for claim in granted if claim.kind == kind), granted[0])
    # The certificate that runs longest is the one people think of: its reason is worth saying.
    return max(
        decisions,
        key=lambda claim: claim.certificate.valid_to if claim.certificate else lot.harvested_on,
    )


def _decided(kind: str, lot: Lot, certificate: CertificateFacts, today: date) -> Claim:
    verdict = coverage(certificate, lot)
    if isinstance(verdict, NotCovered):
        return Claim(kind, False, verdict.reason, verdict.mend, certificate)
    later = status_on(certificate.steps, today)
    if later in TAKES_AWAY:
        return Claim(
            kind,
            granted=False,
            reason=_LOST[later],
            mend=_MENDED[later],
            certificate=certificate,
        )
    return Claim(verdict.kind, True, verdict.reason, None, certificate)


_LOST: dict[CertificateStatus, Message] = {
    CertificateStatus.SUSPENDED: say("The certificate is suspended today."),
    CertificateStatus.WITHDRAWN: say("The certificate was withdrawn since."),
}
_MENDED: dict[CertificateStatus, Message] = {
    CertificateStatus.SUSPENDED: say("The certification body can restore it."),
    CertificateStatus.WITHDRAWN: say("A new certificate is needed."),
}
