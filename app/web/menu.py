"""The main menu of whoever is signed in: groups of pages, of which only those open to the role show."""

from dataclasses import dataclass
from functools import lru_cache

from fastapi import FastAPI

from app.accounts.caller import Caller
from app.kit.messages import Message, say
from app.models.accounts import Role
from app.web.reaching import may_open

# Few enough to stand in one row: groups would only hide them.
FLAT = 8


@dataclass(frozen=True)
class Item:
    """A page of the menu, to which what stands below its address belongs."""

    address: str
    words: Message

    def holds(self, path: str) -> int:
        """How well a path belongs here: the length of what both begin with, 0 for not at all."""
        inside = path.startswith(self.address + "/") and self.address not in {"/work", "/desk"}
        return len(self.address) if path == self.address or inside else 0


@dataclass(frozen=True)
class Group:
    """Pages of one kind of work, the usual one first."""

    words: Message
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Menu:
    """What a page shows: its groups, and the group and the item that the page belongs to."""

    groups: tuple[Group, ...]
    group: Group | None
    item: Item | None

    @property
    def flat(self) -> tuple[Item, ...]:
        """All items in one row; empty when they are too many for it."""
        items = tuple(item for group in self.groups for item in group.items)
        return items if len(items) <= FLAT else ()


WORK = (
    Group(say("Today"), (Item("/work", say("Today")),)),
    Group(
        say("Harvests and sales"),
        (
            Item("/work/lots", say("Lots")),
            Item("/work/labels", say("Labels")),
            Item("/work/stock", say("Stock and deliveries")),
            Item("/work/products", say("Products")),
            Item("/work/scans", say("Scans")),
            Item("/work/trace", say("Trace")),
        ),
    ),
    Group(
        say("Fields"),
        (
            Item("/work/diary", say("Diary")),
            Item("/work/areas", say("Areas")),
            Item("/work/seasons", say("Seasons")),
            Item("/work/growers", say("Growers")),
        ),
    ),
    Group(
        say("Papers and checks"),
        (
            Item("/work/certificates", say("Certificates")),
            Item("/work/plan-report", say("Report for the province")),
            Item("/work/findings", say("Inspections")),
            Item("/work/reports", say("Reports")),
            Item("/work/recalls", say("Recalls")),
        ),
    ),
    Group(
        say("Our organisation"),
        (
            Item("/work/looks", say("Who saw our data")),
            Item("/work/team", say("People")),
        ),
    ),
)
DESK = (
    Group(
        say("Search"),
        (
            Item("/desk", say("Search")),
            Item("/desk/trace", say("Trace")),
            Item("/work/movements", say("Movements")),
        ),
    ),
    Group(
        say("Areas"),
        (
            Item("/desk/areas", say("Areas")),
            Item("/desk/applications", say("Applications")),
            Item("/desk/map", say("Map")),
            Item("/work/seasons", say("Seasons")),
            Item("/desk/diary", say("Diaries")),
            Item("/work/certificates", say("Certificates")),
        ),
    ),
    Group(
        say("Oversight"),
        (
            Item("/desk/inspections", say("Inspections")),
            Item("/desk/reports", say("Reports")),
            Item("/work/recalls", say("Recalls")),
            Item("/desk/anomalies", say("Odd things")),
            Item("/desk/balance", say("Mass balance")),
            Item("/desk/scans", say("Scans")),
        ),
    ),
    Group(
        say("The plan"),
        (
            Item("/desk/plan", say("The plan")),
            Item("/desk/statistics", say("Statistics")),
        ),
    ),
    Group(
        say("Registers and rules"),
        (
            Item("/desk/organisations", say("Organisations")),
            Item("/desk/bodies", say("Certification bodies")),
            Item("/work/inputs", say("Inputs")),
            Item("/desk/rules", say("Rules")),
            Item("/desk/checklists", say("Checklists")),
            Item("/desk/ledger", say("Public log")),
            Item("/desk/imports", say("From Excel")),
            Item("/work/labels/layouts", say("Labels")),
            Item("/desk/archives", say("Archives")),
            Item("/work/team", say("People")),
        ),
    ),
)
CERTIFIER = (
    Group(
        say("Certificates"),
        (
            Item("/work/certificates", say("Certificates")),
            Item("/desk/areas", say("Areas")),
        ),
    ),
)
OFFICIALS = {Role.INSPECTOR, Role.PROVINCE_ADMIN}


def menu_of(app: FastAPI, caller: Caller, path: str) -> Menu:
    """The menu of a caller, on the page at a path."""
    groups = _open_to(app, caller.role)
    held = [(item.holds(path), group, item) for group in groups for item in group.items]
    best = max(held, key=lambda one: one[0], default=None)
    if best is None or not best[0]:
        return Menu(groups, None, None)
    return Menu(groups, best[1], best[2])


@lru_cache(maxsize=32)
def _open_to(app: FastAPI, role: Role) -> tuple[Group, ...]:
    return tuple(
        Group(group.words, items)
        for group in _all_for(role)
        if (items := tuple(item for item in group.items if may_open(app, role, item.address)))
    )


def _all_for(role: Role) -> tuple[Group, ...]:
    if role in OFFICIALS:
        return DESK
    return CERTIFIER if role is Role.CERTIFIER else WORK
