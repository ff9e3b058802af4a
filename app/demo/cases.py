"""The cases worth seeing: what is withheld, suspended, recalled, withdrawn, renamed."""

from datetime import datetime, timedelta

from app.accounts.reach import Reach
from app.certificates.commands import CertificateDetails, Change, change_status, record_certificate
from app.demo.seasons import harvested, plan_certificate
from app.demo.world import World
from app.kit.clock import day_of
from app.kit.quantities import Grams
from app.ledger.actors import Actor
from app.lots.commands import withdraw_lot
from app.lots.harvests import Harvest
from app.lots.holding_commands import Holder, put, take
from app.models.certificates import CertificateStatus
from app.models.lots import HarvestLot
from app.models.movements import HoldingState, Party, PartyKind
from app.models.registry import CodeStatus
from app.recalls.answering_commands import Answer, answer_recall
from app.recalls.commands import recall_at_once
from app.recalls.queries import consignees_of
from app.registry.code_commands import Change as CodeChange
from app.registry.code_commands import suspend_code
from app.registry.code_queries import codes_of


def plan_cases(world: World) -> None:
    """All of them."""
    _plan_organic_in_conversion(world)
    _plan_crop_outside_certificate(world)
    _plan_suspended_area(world)
    _plan_recall(world)
    _plan_withdrawn_lot(world)
    _plan_certificate_lost_later(world)
    _plan_food_safety(world)


def _plan_organic_in_conversion(world: World) -> None:
    details = CertificateDetails(
        standard="ORGANIC_2017",
        number="TBC-HC-2026-014",
        issued_on=world.today - timedelta(days=300),
        valid_from=world.today - timedelta(days=300),
        valid_to=world.today + timedelta(days=429),
        crops=("BAP_CAI", "SUP_LO", "SU_SU"),
        areas=tuple(area.uid for area in world.areas["sa-pa"][:2]),
        in_conversion=True,
        conversion_from=world.today - timedelta(days=310),
    )
    plan_certificate(world, "sa-pa", details, world.at(300))
    _plan_lot(world, "sa-pa", 0, "SUP_LO", world.at(4), 180)


def _plan_crop_outside_certificate(world: World) -> None:
    """A VietGAP for cabbage only, and peas from the same cooperative."""
    details = CertificateDetails(
        standard="VIETGAP_2017",
        number="VietGAP-TT-13-31-10-0208",
        issued_on=world.today - timedelta(days=420),
        valid_from=world.today - timedelta(days=420),
        valid_to=world.today + timedelta(days=310),
        crops=("BAP_CAI",),
        areas=tuple(area.uid for area in world.areas["si-ma-cai"][:2]),
    )
    plan_certificate(world, "si-ma-cai", details, world.at(420))
    _plan_lot(world, "si-ma-cai", 1, "DAU_HA_LAN", world.at(3), 95)


def _plan_suspended_area(world: World) -> None:
    area = world.areas["muong-khuong"][0]

    def suspend(now: datetime) -> None:
        held = [
            code
            for code in codes_of(world.session, area)
            if code.market == "VNM" and code.status is CodeStatus.ACTIVE
        ]
        suspend_code(
            world.session,
            code=held[0],
            change=CodeChange(day_of(now), "Nhật ký canh tác không cập nhật qua hai lần kiểm tra."),
            by=world.callers["inspector"].actor,
            now=now,
        )

    world.plan(world.at(21), suspend)
    _plan_lot(world, "muong-khuong", 0, "CAI_MEO", world.at(6), 140)


def _plan_recall(world: World) -> None:
    def recall(now: datetime) -> None:
        lot = harvested(
            world,
            "bao-thang",
            _harvest(world, "bao-thang", 0, "CA_CHUA", now, 420),
            now,
            labelled=True,
        )
        _recall_with_buyers(world, lot, now)

    world.plan(world.at(5), recall)


def _recall_with_buyers(world: World, lot: HarvestLot, now: datetime) -> None:
    """Two buyers have goods: one has answered, the other is late."""
    home, by = world.organisations["bao-thang"], world.callers["inspector"]
    for name, kilograms in (("Cửa hàng Rau Sạch Kim Tân", 120), ("Bếp ăn Trường Tiểu học", 80)):
        party = Party(
            organisation_id=home.pk,
            kind=PartyKind.RETAILER,
            name=name,
            name_key=name.lower(),
            created_at=now,
        )
        world.session.add(party)
        world.session.flush()
        take(world.session, lot, Holder(home.pk), Grams(kilograms * 1000))
        buyer = Holder(home.pk, HoldingState.WITH_PARTY, party.pk)
        put(world.session, lot, buyer, Grams(kilograms * 1000))
    known = min(now + timedelta(days=3), world.now)
    reason = "Mẫu kiểm nghiệm có dư lượng thuốc vượt mức cho phép. Không dùng, trả lại nơi mua."
    recall = recall_at_once(
        world.session, lot, reason=reason, caller=by, within=Reach.all(), now=known
    )
    first = consignees_of(world.session, recall, within=Reach.all())[0].consignee
    answer = Answer(Grams(45_000), by="Chị Hoa")
    answer_recall(world.session, recall, first, answer, by=Actor.public(), now=known)


def _plan_withdrawn_lot(world: World) -> None:
    def withdraw(now: datetime) -> None:
        lot = harvested(
            world, "bac-ha", _harvest(world, "bac-ha", 0, "SU_HAO", now, 60), now, labelled=False
        )
        withdraw_lot(
            world.session,
            lot=lot,
            reason="Ghi nhầm vùng trồng, đã ghi lại bằng lô khác.",
            by=world.callers["coop_admin"].actor,
            now=now,
        )

    world.plan(world.at(12), withdraw)


def _plan_certificate_lost_later(world: World) -> None:
    """Certified on the harvest day, withdrawn since: the page shows both."""
    details = CertificateDetails(
        standard="VIETGAP_2026",
        number="VietGAP-2026-TBC-0042",
        issued_on=world.today - timedelta(days=100),
        valid_from=world.today - timedelta(days=100),
        valid_to=world.today + timedelta(days=900),
        crops=("MANG_BOI", "BO_KHAI"),
        areas=tuple(area.uid for area in world.areas["van-ban"][:2]),
    )

    def record_then_lose(now: datetime) -> None:
        certificate = record_certificate(
            world.session,
            holder=world.organisations["van-ban"],
            details=details,
            caller=world.callers["certifier"],
            now=now,
        )
        world.plan(
            world.at(8),
            lambda later: change_status(
                world.session,
                certificate=certificate,
                change=Change(
                    CertificateStatus.WITHDRAWN,
                    day_of(later),
                    "Không khắc phục lỗi sau đánh giá giám sát.",
                ),
                by=world.callers["certifier"].actor,
                now=later,
            ),
        )

    world.plan(world.at(100), record_then_lose)
    _plan_lot(world, "van-ban", 1, "BO_KHAI", world.at(15), 75)


def _plan_food_safety(world: World) -> None:
    details = CertificateDetails(
        standard="FOOD_SAFETY_2024",
        number="ATTP-10-0117-2025",
        issued_on=world.today - timedelta(days=330),
        valid_from=world.today - timedelta(days=330),
        valid_to=world.today + timedelta(days=700),
        body_name="Chi cục Quản lý chất lượng nông lâm sản và thuỷ sản (minh hoạ)",
        grade="pass",
        evidence="Đã xem bản gốc tại trụ sở hợp tác xã.",
    )
    plan_certificate(world, "bac-ha", details, world.at(330), role="inspector")


def _plan_lot(world: World, key: str, number: int, crop: str, when: datetime, kg: int) -> None:
    world.plan(
        when,
        lambda now: harvested(
            world, key, _harvest(world, key, number, crop, now, kg), now, labelled=True
        ),
    )


def _harvest(
    world: World, key: str, number: int, crop: str, now: datetime, kilograms: int
) -> Harvest:
    day = day_of(now)
    return Harvest(
        area=world.areas[key][number].uid,
        crop=crop,
        harvested_on=day,
        quantity=Grams(kilograms * 1000),
        packed_on=day,
        best_before=day + timedelta(days=7),
        grower=world.growers[key][0].uid,
    )
