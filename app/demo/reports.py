"""What shoppers reported: one just come, one being looked at with a second of the same lot, one answered."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from app.accounts.reach import Reach
from app.demo.samples import of_home
from app.demo.world import World
from app.lots.queries import newest_lots
from app.models.lots import HarvestLot, LotState
from app.models.reports import ShopperReport
from app.reports.commands import answer_report, ask_cooperative, look_at, note_done
from app.reports.receiving import SentReport, receive_report

HOME = "bac-ha"
Then = Callable[[World, ShopperReport, datetime], object]


def plan_reports(world: World) -> None:
    """All of them; the code of the last is no lot's."""
    world.plan(world.at(3, hour=18), partial(_answered, world))
    world.plan(world.at(1, hour=17), partial(_looked_at, world))
    world.plan(world.at(0, hour=7), partial(_just_come, world))


def _answered(world: World, now: datetime) -> None:
    lot = _labelled(world, 2)
    report = _send(
        world,
        now,
        SentReport(
            kind="spoiled",
            words="Mua 2 bắp chiều hôm qua, sáng nay bổ ra bị thối lõi một bắp.",
            code=lot.code,
            bought_at="Chợ phiên Bắc Hà",
            contact="0999000111",
        ),
    )
    manager = of_home(world, world.callers["coop_admin"])

    def answer(later: datetime) -> None:
        note_done(
            world.session,
            report=report,
            words="Đã gọi quầy hàng, kiểm tra 20 bắp còn lại của lô: không bắp nào hỏng.",
            caller=manager,
            now=later,
        )
        answer_report(
            world.session,
            report=report,
            words="Hợp tác xã xin lỗi và đổi bắp khác cho bạn tại quầy số 4, chợ Bắc Hà.",
            caller=manager,
            now=later,
        )

    world.plan(min(now + timedelta(days=1), world.now), answer)


def _looked_at(world: World, now: datetime) -> None:
    lot, officer = _labelled(world, 0), world.callers["inspector"]
    report = _send(
        world,
        now,
        SentReport(
            kind="label",
            words="Tem ghi bắp cải nhưng trong túi là cải thảo.",
            code=lot.code,
            bought_at="Siêu thị ở phường Lào Cai",
        ),
    )

    def look(later: datetime) -> None:
        look_at(world.session, report=report, caller=officer, now=later)
        ask_cooperative(
            world.session,
            report=report,
            words="Lô này đóng túi ở đâu, ai dán tem? Đề nghị trả lời trong ngày.",
            caller=officer,
            now=later,
        )

    world.plan(min(now + timedelta(hours=15), world.now), look)


def _just_come(world: World, now: datetime) -> None:
    lot = _labelled(world, 0)
    _send(
        world,
        now,
        SentReport(
            kind="label",
            words="Trong túi không phải loại rau ghi trên tem.",
            code=lot.code,
            bought_at="Siêu thị ở phường Lào Cai",
        ),
    )
    _send(
        world,
        now,
        SentReport(
            kind="suspicious",
            words="Quét mã trên tem thì báo không có trong hệ thống.",
            code="LC00 1234 5678 9AB",
            bought_at="Hàng rong gần bến xe",
        ),
    )


def _send(world: World, now: datetime, sent: SentReport) -> ShopperReport:
    # TEST-NET-3 (RFC 5737) belongs to nobody; of the address only a salted hash is used anyway.
    return receive_report(world.session, sent, place="203.0.113.7", language="vi", now=now)


def _labelled(world: World, number: int) -> HarvestLot:
    """One of the newest lots of the home that were sealed and left with labels."""
    home = world.organisations[HOME]
    page = newest_lots(
        world.session, within=Reach.own(home.pk), state=LotState.SEALED, limit=number + 1
    )
    return page.items[-1].lot
