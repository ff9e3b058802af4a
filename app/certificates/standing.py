"""What a certificate is worth on a day: its steps, its lists with their terms, its standing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.models.certificates import CertificateStatus, CertificateStep, Confirmation

DISPUTED = "disputed"


class Listed(StrEnum):
    """The three lists of a certificate's scope."""

    CROPS = "crops"
    AREAS = "areas"
    MEMBERS = "members"


@dataclass(frozen=True)
class Term:
    """From when until when something is on one of a certificate's lists (both inclusive)."""

    listed: Listed
    id: int
    since: date
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.since <= day <= (self.until or date.max)


@dataclass(frozen=True)
class CertificateFacts:
    """A certificate with its scope, as the rules and the public page need it.

    Empty `members` means every member of the organisation. `crops`, `areas` and `members` hold
    everything that is or was on the lists; `terms` say when, and what has none always was.
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
    terms: tuple[Term, ...] = ()
    disputed: bool = False
    conversion_from: date | None = None

    def standing_on(self, day: date) -> str:
        """What it is worth on a day: see `standing`."""
        return standing(self.valid_from, self.valid_to, self.steps, day, disputed=self.disputed)

    def lists_on(self, listed: Listed, wanted: int | None, day: date) -> bool:
        """Whether something was on one of the lists on a day."""
        terms = [term for term in self.terms if (term.listed, term.id) == (listed, wanted)]
        if terms:
            return any(term.holds_on(day) for term in terms)
        return wanted in self._list(listed)

    def _list(self, listed: Listed) -> frozenset[int]:
        return {
            Listed.CROPS: self.crops,
            Listed.AREAS: self.areas,
            Listed.MEMBERS: self.members,
        }[listed]


def status_on(steps: Sequence[CertificateStep], day: date) -> CertificateStatus:
    """The status on a day from steps in any order; active before the first."""
    step = step_on(steps, day)
    return CertificateStatus.ACTIVE if step is None else step.status


def step_on(steps: Sequence[CertificateStep], day: date) -> CertificateStep | None:
    """The newest step on or before a day; of two on one day, the one recorded later.

    A withdrawal is final: a replacement that was planned before it changes nothing.
    """
    past = [step for step in steps if step.effective_on <= day]
    final = [step for step in past if step.status is CertificateStatus.WITHDRAWN]
    return max(final or past, key=lambda step: (step.effective_on, step.id or 0), default=None)


def standing(
    valid_from: date,
    valid_to: date,
    steps: Sequence[CertificateStep],
    day: date,
    *,
    disputed: bool = False,
) -> str:
    """What a certificate is worth on a day, the gravest word first.

    `withdrawn`, `disputed`, `pending`, `replaced`, `expired`, `suspended` or `active`.
    """
    status = status_on(steps, day)
    if status is CertificateStatus.WITHDRAWN:
        return status.value
    if disputed:
        return DISPUTED
    if day < valid_from:
        return "pending"
    if status is not CertificateStatus.REPLACED and day > valid_to:
        return "expired"
    return status.value
