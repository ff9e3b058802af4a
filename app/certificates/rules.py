"""Whether a certificate covers a harvest, and why not: days, status, then scope. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from app.kit.messages import Message, say
from app.models.catalogue import StandardKind
from app.models.certificates import CertificateStatus, CertificateStep, Confirmation

NEXT_STATUS: dict[CertificateStatus, frozenset[CertificateStatus]] = {
    CertificateStatus.ACTIVE: frozenset({CertificateStatus.SUSPENDED, CertificateStatus.WITHDRAWN}),
    CertificateStatus.SUSPENDED: frozenset({CertificateStatus.ACTIVE, CertificateStatus.WITHDRAWN}),
    CertificateStatus.WITHDRAWN: frozenset(),
    CertificateStatus.REPLACED: frozenset(),
}

# What a harvest from land in conversion may claim instead of "organic".
CONVERSION = "organic_conversion"
# A facility is certified as a whole: no crops, no land, no members.
FACILITY_KINDS = frozenset({StandardKind.FOOD_SAFETY.value})
# A product is certified wherever its holder grows it.
PRODUCT_KINDS = frozenset({StandardKind.OCOP.value})


@dataclass(frozen=True)
class CertificateFacts:
    """A certificate with its scope, as the rules and the public page need it.

    Empty `members` means every member of the organisation.
    """

    id: int
    kind: str
    edition: str
    number: str
    body_name: str
    confirmation: Confirmation
    valid_from: date
    valid_to: date
    in_conversion: bool
    grade: str
    steps: tuple[CertificateStep, ...]
    crops: frozenset[int]
    areas: frozenset[int]
    members: frozenset[int]

    def standing_on(self, day: date) -> str:
        """What it is worth on a day: see `standing`."""
        return standing(self.valid_from, self.valid_to, self.steps, day)


@dataclass(frozen=True)
class Lot:
    """What the rules need to know of a lot."""

    crop_id: int
    crop_name: str
    area_id: int
    area_name: str
    grower_id: int | None
    harvested_on: date


@dataclass(frozen=True)
class Covered:
    """The certificate covers the lot; `kind` is what may be claimed."""

    kind: str
    reason: Message


@dataclass(frozen=True)
class NotCovered:
    """The certificate does not cover the lot: why, and what would mend it."""

    reason: Message
    mend: Message


def may_become(status: CertificateStatus, target: CertificateStatus) -> bool:
    """Whether a certificate with one status may get another."""
    return target in NEXT_STATUS[status]


def status_on(steps: Sequence[CertificateStep], day: date) -> CertificateStatus:
    """The status on a day from steps in any order; active before the first."""
    step = step_on(steps, day)
    return CertificateStatus.ACTIVE if step is None else step.status


def step_on(steps: Sequence[CertificateStep], day: date) -> CertificateStep | None:
    """The newest step on or before a day; of two on one day, the one recorded later."""
    past = [step for step in steps if step.effective_on <= day]
    return max(past, key=lambda step: (step.effective_on, step.id or 0), default=None)


def standing(valid_from: date, valid_to: date, steps: Sequence[CertificateStep], day: date) -> str:
    """`pending`, `active`, `suspended`, `withdrawn` or `expired` on a day."""
    if day < valid_from:
        return "pending"
    status = status_on(steps, day)
    if status is not CertificateStatus.WITHDRAWN and day > valid_to:
        return "expired"
    return status.value


def scope_covers(
    listed: Collection[int], wanted: int | None, *, empty_means_all: bool = False
) -> bool:
    """Whether something is on one of a certificate's lists (crops, areas or members)."""
    return wanted in listed or (empty_means_all and not listed)


def coverage(certificate: CertificateFacts, lot: Lot) -> Covered | NotCovered:
    """Whether a certificate covers a lot on its harvest day.

    The first reason that stands in the way is the one that is said: days, status, crop, land,
    member. What land in conversion yields is covered, as `organic_conversion`
    (TCVN 11041-2:2017 §5.1.2), and is not organic.
    """
    refusal = (
        _outside_days(certificate, lot)
        or _not_active(certificate, lot)
        or _outside_scope(certificate, lot)
    )
    if refusal is not None:
        return refusal
    if certificate.in_conversion:
        return Covered(
            CONVERSION,
            say("The land is in conversion to organic; the harvest is not organic yet."),
        )
    return Covered(
        certificate.kind,
        say(
            "Certificate {number} covers this harvest of {day}.",
            number=certificate.number,
            day=lot.harvested_on,
        ),
    )


def _outside_days(certificate: CertificateFacts, lot: Lot) -> NotCovered | None:
    if lot.harvested_on < certificate.valid_from:
        return NotCovered(
            say(
                "Certificate {number} is valid only from {day}, after this harvest.",
                number=certificate.number,
                day=certificate.valid_from,
            ),
            say("Harvests from that day on may claim it."),
        )
    if lot.harvested_on > certificate.valid_to:
        return NotCovered(
            say(
                "Certificate {number} ran out on {day}, before this harvest.",
                number=certificate.number,
                day=certificate.valid_to,
            ),
            say("Renew the certificate; harvests under the new one may claim it."),
        )
    return None


def _not_active(certificate: CertificateFacts, lot: Lot) -> NotCovered | None:
    step = step_on(certificate.steps, lot.harvested_on)
    if step is None:
        return None
    match step.status:
        case CertificateStatus.ACTIVE:
            return None
        case CertificateStatus.SUSPENDED:
            return NotCovered(
                say(
                    "Certificate {number} was suspended from {day} on, the harvest day too.",
                    number=certificate.number,
                    day=step.effective_on,
                ),
                say("Harvests count again from the day the certificate is restored."),
            )
        case CertificateStatus.WITHDRAWN:
            return NotCovered(
                say(
                    "Certificate {number} was withdrawn with effect from {day}.",
                    number=certificate.number,
                    day=step.effective_on,
                ),
                say("A new certificate is needed."),
            )
        case CertificateStatus.REPLACED:
            return NotCovered(
                say(
                    "Certificate {number} was replaced by another on {day}.",
                    number=certificate.number,
                    day=step.effective_on,
                ),
                say("The certificate that took its place may cover it."),
            )


def _outside_scope(certificate: CertificateFacts, lot: Lot) -> NotCovered | None:
    if certificate.kind in FACILITY_KINDS:
        return None
    extend = say("Ask the certification body to extend the scope.")
    if not scope_covers(certificate.crops, lot.crop_id):
        return NotCovered(
            say(
                "Certificate {number} does not cover {crop}.",
                number=certificate.number,
                crop=lot.crop_name,
            ),
            extend,
        )
    if certificate.kind in PRODUCT_KINDS:
        return None
    if not scope_covers(certificate.areas, lot.area_id):
        return NotCovered(
            say(
                "Certificate {number} does not cover the area {area}.",
                number=certificate.number,
                area=lot.area_name,
            ),
            extend,
        )
    return _outside_members(certificate, lot)


def _outside_members(certificate: CertificateFacts, lot: Lot) -> NotCovered | None:
    if scope_covers(certificate.members, lot.grower_id, empty_means_all=True):
        return None
    if lot.grower_id is None:
        return NotCovered(
            say(
                "Certificate {number} has a member list and this harvest names no grower.",
                number=certificate.number,
            ),
            say("Name the grower when the harvest is recorded."),
        )
    return NotCovered(
        say(
            "The grower is not on the member list of certificate {number}.",
            number=certificate.number,
        ),
        say("Ask the certification body to add the grower to the member list."),
    )
