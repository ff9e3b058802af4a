"""What tests of print runs share: a request, a run, its file."""

from io import BytesIO
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app.accounts.reach import Reach
from app.kit.clock import day_of
from app.kit.quantities import Grams
from app.labels.keys import KeyRing
from app.labels.run_commands import start_run
from app.labels.run_content import Content
from app.labels.run_files import write_order
from app.labels.run_orders import Order, find_order
from app.labels.run_plan import Plan
from app.labels.run_planning import plan_run
from app.labels.run_request import RunRequest, wanted_of
from app.ledger.actors import Actor
from app.models.lots import HarvestLot
from app.models.print_runs import PrintRun
from app.models.registry import Organisation
from tests.given import Given

BASE = "https://txng.laocai.gov.vn"
CONTENT = Content(pack=Grams(500), storage="nơi thoáng mát", warning="rửa sạch trước khi dùng")
BY = Actor.system()


class Printing:
    """Prints lots; remembers the session, the time and where the secrets lie."""

    def __init__(self, session: Session, given: Given, folder: Path) -> None:
        self.session, self.given, self.keys = session, given, KeyRing(folder / "label-keys")

    def asked(self, *lots: tuple[HarvestLot, int], **chosen: Any) -> RunRequest:
        usual: dict[str, Any] = {"layout": "l1-50x30", "stock": "roll-50x30", "content": CONTENT}
        counted = tuple((lot.code, count) for lot, count in lots)
        return RunRequest(lots=counted, **{**usual, **chosen})

    def plan(self, *lots: tuple[HarvestLot, int], **chosen: Any) -> Plan:
        self.session.flush()
        wanted = wanted_of(
            self.session,
            self.asked(*lots, **chosen),
            within=Reach.all(),
            today=day_of(self.given.now),
        )
        return plan_run(self.session, wanted, base_url=BASE, within=Reach.all(), now=self.given.now)

    def run(self, *lots: tuple[HarvestLot, int], **chosen: Any) -> PrintRun:
        self.session.flush()
        wanted = wanted_of(
            self.session,
            self.asked(*lots, **chosen),
            within=Reach.all(),
            today=day_of(self.given.now),
        )
        return start_run(
            self.session,
            organisation=self.home(lots[0][0]),
            wanted=wanted,
            keys=self.keys,
            base_url=BASE,
            within=Reach.all(),
            by=BY,
            now=self.given.now,
        )

    def file(self, run: PrintRun) -> bytes:
        self.session.flush()
        out = BytesIO()
        write_order(out, self.order(run), self.keys)
        return out.getvalue()

    def order(self, run: PrintRun) -> Order:
        return find_order(self.session, run.uid, within=Reach.all()).order

    def home(self, lot: HarvestLot) -> Organisation:
        return self.session.get_one(Organisation, lot.organisation_id)
