"""Whether a certificate covers a harvest, and why not: days, status, then scope. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from app.certificates.standing import (
    CertificateFacts,
    Listed,
    Term,
    standing,
    status_on,
    step_on,
)
from app.kit.messages import Message, say
from app.models.catalogue import StandardKind
from app.models.certificates import CertificateStatus

__all__ = [
    "CONVERSION",
    "FACILITY_KINDS",
    "NEXT_STATUS",
    "PRODUCT_KINDS",
    "TAKES_AWAY",
    "CertificateFacts",
    "Covered",
    "Listed",
    "Lot",
    "NotCovered",
    "Term",
    "coverage",
    "may_become",
    "scope_covers",
    "standing",
    "status_on",
    "step_on",
]

NEXT_STATUS: dict[CertificateStatus, frozenset[CertificateStatus]] = {
    CertificateStatus.ACTIVE: frozenset(
        {CertificateStatus.SUSPENDED, CertificateStatus.WITHDRAWN, CertificateStatus.REPLACED}
    ),
    CertificateStatus.SUSPENDED: frozenset(
        {CertificateStatus.ACTIVE, CertificateStatus.WITHDRAWN, CertificateStatus.REPLACED}
    ),
    CertificateStatus.WITHDRAWN: frozenset(),
    CertificateStatus.REPLACED: frozenset(),
}

# What a harvest from land in conversion may claim instead of "organic".
CONVERSION = "organic_conversion"
# A facility is certified as a whole: no crops, no land, no members.
FACILITY_KINDS = frozenset({StandardKind.FOOD_SAFETY.value})
# A product is certified wherever its holder grows it.
PRODUCT_KINDS = frozenset({StandardKind.OCOP.value, StandardKind.COLLECTIVE_MARK.value})
# What makes a harvest lose a claim that it could make when it was brought in. A certificate that
# another replaced takes nothing away from harvests of its own time.
TAKES_AWAY = frozenset({CertificateStatus.SUSPENDED, CertificateStatus.WITHDRAWN})


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


def scope_covers(
    listed: Collection[int], wanted: int | None, *, empty_means_all: bool = False
) -> bool:
    """Whether something is on one of a certificate's lists (crops, areas or members)."""
    return wanted in listed or (empty_means_all and not listed)


def coverage(certificate: CertificateFacts, lot: Lot) -> Covered | NotCovered:
    """Whether a certificate covers a lot on its harvest day.

    The first reason that stands in the way is the one that is said: a dispute, days, status, crop,
    land, member. What land in conversion yields is covered, as `organic_conversion`
    (TCVN 11041-2:2017 §5.1.2), and is not organic.
    """
    refusal = (
        _in_dispute(certificate)
        or _outside_days(certificate, lot)
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


def _in_dispute(certificate: CertificateFacts) -> NotCovered | None:
    if not certificate.disputed:
        return None
    return NotCovered(
        say(
            "Certificate {number} is disputed: it may not stand as declared.",
            number=certificate.number,
        ),
        say("The certification body can confirm it."),
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
    missing = _outside_crops(certificate, lot)
    if missing is None and certificate.kind not in PRODUCT_KINDS:
        missing = _outside_areas(certificate, lot)
    return missing or _outside_members(certificate, lot)


def _outside_crops(certificate: CertificateFacts, lot: Lot) -> NotCovered | None:
    if not scope_covers(certificate.crops, lot.crop_id):
        return NotCovered(
            say(
                "Certificate {number} does not cover {crop}.",
                number=certificate.number,
                crop=lot.crop_name,
            ),
            EXTEND,
        )
    return _not_then(certificate, lot, Listed.CROPS, lot.crop_id, lot.crop_name)


def _outside_areas(certificate: CertificateFacts, lot: Lot) -> NotCovered | None:
    if not scope_covers(certificate.areas, lot.area_id):
        return NotCovered(
            say(
                "Certificate {number} does not cover the area {area}.",
                number=certificate.number,
                area=lot.area_name,
            ),
            EXTEND,
        )
    return _not_then(certificate, lot, Listed.AREAS, lot.area_id, lot.area_name)


def _not_then(
    certificate: CertificateFacts, lot: Lot, listed: Listed, wanted: int, name: str
) -> NotCovered | None:
    if certificate.lists_on(listed, wanted, lot.harvested_on):
        return None
    return NotCovered(
        say(
            "{name} was not in the scope of certificate {number} on {day}.",
            name=name,
            number=certificate.number,
            day=lot.harvested_on,
        ),
        say("Only harvests of the days while it is in the scope may claim it."),
    )


def _outside_members(certificate: CertificateFacts, lot: Lot) -> NotCovered | None:
    if not certificate.members:
        return None
    if lot.grower_id is None:
        return NotCovered(
            say(
                "Certificate {number} has a member list and this harvest names no grower.",
                number=certificate.number,
            ),
            say("Name the grower when the harvest is recorded."),
        )
    if lot.grower_id not in certificate.members:
        return NotCovered(
            say(
                "The grower is not on the member list of certificate {number}.",
                number=certificate.number,
            ),
            say("Ask the certification body to add the grower to the member list."),
        )
    if certificate.lists_on(Listed.MEMBERS, lot.grower_id, lot.harvested_on):
        return None
    return NotCovered(
        say(
            "The grower was not on the member list of certificate {number} on {day}.",
            number=certificate.number,
            day=lot.harvested_on,
        ),
        say("Only harvests of the days while the grower is on the list may claim it."),
    )


EXTEND = say("Ask the certification body to extend the scope.")
