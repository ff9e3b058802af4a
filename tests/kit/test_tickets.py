"""Ticket numbers: unguessable, read however they are typed, refused when mistyped."""

import pytest

from app.kit.codes import ALPHABET, grouped
from app.kit.tickets import LENGTH, PREFIX, new_ticket, read_ticket


def test_a_ticket_has_four_groups_of_four_and_no_two_are_alike() -> None:
    made = {new_ticket() for _ in range(2_000)}
    assert len(made) == 2_000
    assert {len(one) for one in made} == {LENGTH} == {16}
    assert all(one.startswith(PREFIX) and set(one[2:]) <= set(ALPHABET) for one in made)
    assert len(grouped(new_ticket()).split()) == 4


def test_a_ticket_is_read_however_it_is_typed() -> None:
    made = (new_ticket() for _ in range(2_000))
    ticket = next(one for one in made if "0" in one[2:] and "1" in one[2:])
    assert read_ticket(grouped(ticket).lower()) == ticket
    assert read_ticket(f"  {'-'.join(grouped(ticket).split())} ") == ticket
    assert read_ticket(ticket.replace("0", "o").replace("1", "l")) == ticket


def test_every_single_slip_is_noticed() -> None:
    ticket = new_ticket()
    slips = [
        ticket[:at] + other + ticket[at + 1 :]
        for at in range(len(PREFIX), LENGTH)
        for other in ALPHABET
        if other != ticket[at]
    ]
    assert len(slips) == 14 * 31
    assert [slip for slip in slips if read_ticket(slip) is not None] == []


@pytest.mark.parametrize(
    "typed", ["", "PA", "LC0123456789ABC", "PA" + "0" * 15, "\ud800", "x" * 300]
)
def test_what_is_no_ticket_is_none(typed: str) -> None:
    assert read_ticket(typed) is None
