"""Whatever is done with lots in whatever order: no kilogram is lost, and no lot comes from nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import text
from sqlmodel import Session

from app.accounts.reach import Reach
from app.errors import DomainError
from app.lots.commands import recall_lot
from app.models.lots import HarvestLot, LotState
from app.models.movements import Movement, MovementKind
from app.movements.ending_commands import destroy_lots, sell_lots, store_lots, take_back_lots
from app.movements.receiving_commands import take_back_refused
from app.movements.shipping_commands import Receiver, Sent
from app.movements.undoing_commands import undo_movement
from app.tracing.closure_queries import Direction, closure
from app.tracing.whereabouts import whereabouts
from tests.given import Given
from tests.movements.moving import Moving, piece, unaccounted

CHOICE = st.integers(0, 10_000)
SHARE = st.integers(1, 110)  # in percent: sometimes more than there is
MOST = 400_000
HARVESTS = 3


class Movements(RuleBasedStateMachine):
    """Two organisations and a buyer who move lots about; what is refused changes nothing."""

    session: ClassVar[Session]
    given: ClassVar[Given]

    def __init__(self) -> None:
        super().__init__()
        self.homes = [Moving(self.given), Moving(self.given)]
        self.party = self.homes[0].party()
        area = self.given.area(self.homes[0].home)
        self.lots: list[HarvestLot] = [
            self.homes[0].lot(number * 37, area=area) for number in (1, 2, 3)
        ]
        self.supplied: list[HarvestLot] = []
        self.sent: list[tuple[Sent, HarvestLot, int]] = []
        self.movements: list[Movement] = []
        self.refused = self.done = 0

    @contextmanager
    def trying(self) -> Iterator[None]:
        """A refusal takes back all that was begun, as the edge of the application does."""
        try:
            with self.session.begin_nested():
                yield
            self.done += 1
        except DomainError:
            self.refused += 1

    def chosen(self, choice: int, share: int) -> tuple[Moving, HarvestLot, int]:
        lot = self.lots[choice % len(self.lots)]
        wanted = max(1, lot.quantity_g * share // 100)
        return self.homes[choice % 7 == 0], lot, wanted

    @property
    def began(self) -> list[HarvestLot]:
        """All that came in: harvests, and what suppliers brought unless it was taken back."""
        supplied = [lot for lot in self.supplied if lot.state is not LotState.WITHDRAWN]
        return [*self.lots[:HARVESTS], *supplied]

    @property
    def harvested(self) -> int:
        return sum(lot.quantity_g for lot in self.began)

    @rule(choice=CHOICE, kilograms=st.integers(0, 90))
    def supply(self, choice: int, kilograms: int) -> None:
        with self.trying():
            movement, lot = self.homes[choice % 2].supply(kilograms)
            self.movements.append(movement)
            self.supplied.append(lot)
            self.lots.append(lot)

    @rule(choice=CHOICE, share=SHARE, other=CHOICE, parts=st.integers(1, 3))
    def make(self, choice: int, share: int, other: int, parts: int) -> None:
        home, lot, grams = self.chosen(choice, share)
        second = self.lots[other % len(self.lots)]
        kind = list(MovementKind)[other % 4]
        inputs = [piece(lot, grams)]
        if second.code != lot.code and kind is not MovementKind.SPLITTING:
            inputs.append(piece(second, max(1, second.quantity_g // 10)))
        whole = sum(one.quantity.value for one in inputs)
        loss = whole // 20
        each = (whole - loss) // parts
        with self.trying():
            movement, made = home.make(kind, inputs, [each] * parts, loss)
            self.movements.append(movement)
            self.lots += made

    @rule(choice=CHOICE, share=SHARE, way=st.sampled_from(["store", "sell", "party", "destroy"]))
    def end(self, choice: int, share: int, way: str) -> None:
        home, lot, grams = self.chosen(choice, share)
        pieces = [piece(lot, grams, grams // 10 if way == "store" else 0)]
        with self.trying():
            match way:
                case "store":
                    movement = store_lots(self.session, home.doer, pieces, home.told)
                case "destroy":
                    movement = destroy_lots(self.session, home.doer, pieces, home.told)
                case _:
                    to = self.party if way == "party" else None
                    movement = sell_lots(self.session, home.doer, pieces, home.told, party=to)
            self.movements.append(movement)

    @rule(choice=CHOICE, share=SHARE, outside=st.booleans())
    def ship(self, choice: int, share: int, outside: bool) -> None:
        home, lot, grams = self.chosen(choice, share)
        other = self.homes[1 - self.homes.index(home)].home
        to = Receiver(party=self.party) if outside else Receiver(organisation=other)
        with self.trying():
            sent = home.ship(lot, grams, to)
            self.sent.append((sent, lot, grams))
            self.movements.append(sent.movement)

    @rule(choice=CHOICE, taken=st.integers(0, 105), refused=st.integers(0, 30))
    def receive(self, choice: int, taken: int, refused: int) -> None:
        if not self.sent:
            return
        sent, lot, grams = self.sent[choice % len(self.sent)]
        with self.trying():
            home = self.homes[0]
            received = home.receive(sent, lot, grams * taken // 100, grams * refused // 100)
            self.movements += [received] if received else []

    @rule(choice=CHOICE, grams=st.integers(1, MOST))
    def come_back(self, choice: int, grams: int) -> None:
        home, lot, _ = self.chosen(choice, 1)
        with self.trying():
            back = take_back_lots(
                self.session, home.doer, [piece(lot, grams)], home.told, party=self.party
            )
            self.movements.append(back)
        if self.sent:
            sent, _, _ = self.sent[choice % len(self.sent)]
            sender = next(one for one in self.homes if one.home.pk == sent.delivery.organisation_id)
            with self.trying():
                take_back_refused(self.session, sent.delivery, sender.told, sender.doer)

    @rule(choice=CHOICE)
    def undo(self, choice: int) -> None:
        if not self.movements:
            return
        movement = self.movements[choice % len(self.movements)]
        doer = next(one.doer for one in self.homes if one.home.pk == movement.organisation_id)
        with self.trying():
            self.movements.append(undo_movement(self.session, doer, movement, "Ghi nhầm."))

    @rule(choice=CHOICE)
    def recall(self, choice: int) -> None:
        if choice % 5:
            return
        lot = self.lots[choice % len(self.lots)]
        doer = self.homes[0].doer
        with self.trying():
            recall_lot(self.session, lot=lot, reason="Dư lượng.", by=doer.by, now=doer.now)

    @property
    def lost(self) -> int:
        """Grams that were lost in making, or by which scales differed; without what was undone."""
        keys = ",".join(str(one.home.pk) for one in self.homes)
        made = "'packing', 'splitting', 'merging', 'processing'"
        wanted = text(
            "SELECT coalesce(sum(loss_g + difference_g), 0) FROM movement m"
            f" WHERE organisation_id IN ({keys}) AND kind IN ({made})"
            " AND counters_id IS NULL AND NOT EXISTS"
            " (SELECT 1 FROM movement b WHERE b.counters_id = m.id)"
        )
        return int(self.session.execute(wanted).scalar_one())

    @invariant()
    def every_kilogram_is_somewhere(self) -> None:
        assert unaccounted(self.session) == []

    @invariant()
    def no_more_than_was_harvested(self) -> None:
        """Over all lots: what is somewhere, what was lost on the way and what scales differed by."""
        self.session.flush()
        keys = ",".join(str(one.home.pk) for one in self.homes)
        somewhere = self.session.execute(
            text(
                "SELECT coalesce(sum(quantity_g), 0) FROM holding"
                f" WHERE organisation_id IN ({keys})"
            )
        ).scalar_one()
        assert somewhere + self.lost == self.harvested

    @invariant()
    def a_trace_of_the_harvests_is_complete(self) -> None:
        """Forward from the harvests: every kilogram is at a place the trace names, or was lost in making."""
        assert traced(self.session, self.began) + self.lost == self.harvested

    def teardown(self) -> None:
        self.session.rollback()


def test_mass_is_conserved_whatever_is_done(session: Session, given: Given) -> None:
    session.commit()
    Movements.session, Movements.given = session, given
    run_state_machine_as_test(
        Movements,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def traced(session: Session, harvests: list[HarvestLot]) -> int:
    """All grams at the places that a trace forward from some harvests names."""
    session.flush()
    found = closure(session, [lot.pk for lot in harvests], Direction.FORWARD)
    return sum(one.quantity_g for one in whereabouts(session, found, reach=Reach.all()))


def test_the_check_sees_a_step_that_the_trace_does_not(session: Session, given: Given) -> None:
    moving = Moving(given)
    lot = moving.lot(100)
    moving.make(MovementKind.PACKING, [piece(lot, 60_000)], [60_000])
    assert traced(session, [lot]) == 100_000
    session.execute(text("DELETE FROM lot_edge"))
    assert traced(session, [lot]) == 40_000


def test_the_check_sees_a_kilogram_that_is_nowhere(session: Session, given: Given) -> None:
    lot = Moving(given).lot(100)
    assert unaccounted(session) == []
    session.execute(text("UPDATE holding SET quantity_g = quantity_g - 1"))
    assert unaccounted(session) == [lot.code]
