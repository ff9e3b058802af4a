"""Counting labels: printed = applied + void + unknown, from ranges that may touch but not lie. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.models.print_runs import LabelMark, MarkKind

Span = tuple[int, int]


@dataclass(frozen=True)
class Account:
    """What became of a range of labels. A label that is void is not applied as well."""

    printed: int
    applied: int
    voided: int

    @property
    def unknown(self) -> int:
        return self.printed - self.applied - self.voided

    @property
    def standing(self) -> int:
        """Labels that are, or may be, on goods."""
        return self.printed - self.voided


def account_of(first: int, last: int, marks: Iterable[LabelMark]) -> Account:
    """The account of the labels `first` to `last`."""
    found = list(marks)
    void = merged(_spans(found, MarkKind.VOIDED))
    applied = without(merged(_spans(found, MarkKind.APPLIED)), void)
    return Account(last - first + 1, length(applied), length(void))


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same labels as spans that neither touch nor overlap, in order."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def without(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """What is left of merged spans without others."""
    left = list(spans)
    for first, last in taken:
        rest: list[Span] = []
        for start, end in left:
            if end < first or start > last:
                rest.append((start, end))
                continue
            if start < first:
                rest.append((start, first - 1))
            if end > last:
                rest.append((last + 1, end))
        left = rest
    return left


def length(spans: Iterable[Span]) -> int:
    """How many labels spans hold that do not overlap."""
    return sum(last - first + 1 for first, last in spans)


def overlap(spans: Iterable[Span], first: int, last: int) -> Span | None:
    """The first stretch that some span shares with `first` to `last`."""
    shared = ((max(start, first), min(end, last)) for start, end in merged(spans))
    return next(((start, end) for start, end in shared if start <= end), None)


def _spans(marks: Iterable[LabelMark], kind: MarkKind) -> list[Span]:
    return [(mark.first_index, mark.last_index) for mark in marks if mark.kind is kind]
