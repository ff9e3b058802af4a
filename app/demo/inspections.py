"""Inspections worth seeing: findings followed up, a code warned, one visit planned, one that goes on."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from app.accounts.looks import Seen, keep_looks
from app.accounts.reach import Reach
from app.demo.samples import of_home
from app.demo.world import World
from app.inspection.checklist_queries import checklist_on, items_of
from app.inspection.finding_commands import close_finding, show_evidence
from app.inspection.finding_queries import findings
from app.inspection.measure_commands import Measure, take_measure
from app.inspection.plan_commands import PlanDetails, plan_visit
from app.inspection.sample_commands import Handing, hand_on
from app.inspection.sample_queries import samples
from app.inspection.sheet import Sheet
from app.inspection.visit_commands import Bearer, save_sheet
from app.kit.clock import day_of
from app.models.base import new_uid
from app.models.registry import CodeStatus
from app.models.samples import SampleStepKind
from app.models.visit_findings import MeasureKind, VisitFinding
from app.models.visits import InspectionVisit
from app.registry.code_queries import codes_of

HOME, LENDER, NEXT = "bac-ha", "bat-xat", "muong-khuong"
# Drawn by nobody: a wave that stands for a signature.
WAVE = "M120 220L200 140L260 240L340 120L420 230L520 150L640 210"


def plan_inspections(world: World) -> None:
    """All of them."""
    world.plan(world.at(40, hour=9), partial(_followed_up, world))
    world.plan(world.at(12, hour=9), partial(_suspended, world))
    world.plan(world.at(1, hour=8), partial(_planned, world))
    world.plan(world.at(0, hour=8), partial(_goes_on, world))


def _followed_up(world: World, now: datetime) -> None:
    visit = _visit(
        world,
        now,
        HOME,
        "food_safety",
        fails=("materials", "recall_plan"),
        findings=[
            _finding("recall_plan", "major", "Chưa có quy trình thu hồi viết sẵn."),
            _finding("materials", "minor", "Một số rổ đặt sát nền, chưa có kệ."),
        ],
        samples=[
            {
                "uid": new_uid(),
                "what": "Bắp cải, 2 kg, kho sơ chế",
                "seal": "NP-2026-0117",
                "place": "Kho sơ chế",
            }
        ],
    )
    written, shelves = _findings(world, visit)
    world.plan(now + timedelta(days=1), partial(_hand_on, world, visit))
    world.plan(now + timedelta(days=9), partial(_mend, world, written))
    world.plan(now + timedelta(days=12), partial(_show, world, shelves))


def _hand_on(world: World, visit: InspectionVisit, now: datetime) -> None:
    officer = world.callers["inspector"]
    [line] = samples(world.session, within=Reach.all(), visit_id=visit.pk).items
    for kind, giver, taker in (
        (SampleStepKind.HANDED_OVER, officer.name, "Bưu điện Bắc Hà"),
        (SampleStepKind.RECEIVED, "Bưu điện Bắc Hà", "Phòng thử nghiệm (minh hoạ)"),
    ):
        handing = Handing(kind, giver, taker, now, seal_whole=True)
        hand_on(world.session, sample=line.sample, handing=handing, caller=officer, now=now)


def _mend(world: World, finding: VisitFinding, now: datetime) -> None:
    manager, officer = of_home(world, world.callers["coop_admin"]), world.callers["inspector"]
    words = "Đã viết quy trình thu hồi, dán tại kho và phân công người phụ trách."
    show_evidence(world.session, finding=finding, words=words, photo=None, caller=manager, now=now)
    seen = "Đã xem bản viết và hỏi người phụ trách: đạt."
    later = min(now + timedelta(days=2), world.now)
    close_finding(world.session, finding=finding, words=seen, caller=officer, now=later)
    looked = [Seen(world.organisations[HOME].pk, "dossier", str(world.organisations[HOME].uid))]
    keep_looks(world.session, looked, caller=officer, now=later)


def _show(world: World, finding: VisitFinding, now: datetime) -> None:
    manager = of_home(world, world.callers["coop_admin"])
    words = "Đã đóng kệ gỗ cao 20 cm, kê hết rổ lên kệ."
    show_evidence(world.session, finding=finding, words=words, photo=None, caller=manager, now=now)


def _suspended(world: World, now: datetime) -> None:
    area = world.areas[LENDER][1]
    visit = _visit(
        world,
        now,
        LENDER,
        "planting_area",
        area=area.uid,
        fails=("condition",),
        findings=[_finding("condition", "critical", "Mã số vùng dán cho rau mua từ nơi khác.")],
    )
    [finding] = _findings(world, visit)
    for code in codes_of(world.session, area):
        if code.status is CodeStatus.ACTIVE:
            why = "Mã số vùng dán cho rau mua từ nơi khác; chờ hợp tác xã giải trình."
            take_measure(
                world.session,
                finding=finding,
                measure=Measure(MeasureKind.WARN_CODE, str(code.uid), why),
                caller=world.callers["inspector"],
                now=now,
            )


def _planned(world: World, now: datetime) -> None:
    officer = world.callers["inspector"]
    details = PlanDetails(
        "planting_area",
        day_of(now) + timedelta(days=6),
        assigned=officer.account_uid,
        note="Mang túi lấy mẫu.",
    )
    plan_visit(
        world.session,
        organisation=world.organisations[NEXT],
        details=details,
        by=officer.actor,
        now=now,
    )


def _goes_on(world: World, now: datetime) -> None:
    _visit(world, now, "sa-pa", "vietgap", goes_on=True)


def _visit(
    world: World, now: datetime, key: str, slug: str, *, goes_on: bool = False, **parts: Any
) -> InspectionVisit:
    officer = world.callers["inspector"]
    checklist = checklist_on(world.session, slug, day_of(now))
    items = items_of(world.session, [checklist.pk])[checklist.pk]
    fails = parts.pop("fails", ())
    answers = [
        {"item": one.key, "outcome": "fails" if one.key in fails else "conforms"} for one in items
    ]
    sheet = Sheet.model_validate(
        {
            "uid": new_uid(),
            "revision": 1,
            "organisation": world.organisations[key].uid,
            "checklist": slug,
            "edition": checklist.edition,
            "started_at": now - timedelta(hours=2),
            "finished_at": None if goes_on else now,
            "answers": answers[:4] if goes_on else answers,
            "signatures": [
                {"signer": "inspector", "name": officer.name, "strokes": WAVE},
                {"signer": "host", "name": "Vàng Seo Pao", "affirmed": True},
            ],
            **parts,
        }
    )
    return save_sheet(world.session, sheet=sheet, bearer=Bearer(officer, now))


def _finding(item: str, severity: str, words: str) -> dict[str, UUID | str]:
    return {"uid": new_uid(), "item": item, "severity": severity, "words": words}


def _findings(world: World, visit: InspectionVisit) -> list[VisitFinding]:
    world.session.flush()
    found = findings(
        world.session, within=Reach.all(), today=day_of(world.now), visit_id=visit.pk
    ).items
    return sorted((line.finding for line in found), key=lambda one: one.due_on)
