"""Certificates of every kind and state in the demonstration: stars, pledges, disputes, renewals."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from dateutil.relativedelta import relativedelta

from app.accounts.caller import Caller
from app.certificates.body_commands import register_body_period
from app.certificates.commands import (
    CertificateDetails,
    Change,
    change_status,
    record_certificate,
)
from app.certificates.confirming_commands import confirm_certificate, dispute_certificate
from app.certificates.extending_commands import extend_certificate
from app.certificates.reminder_commands import send_certificate_reminders
from app.certificates.scope import Named
from app.certificates.scope_commands import NOTHING, ScopeChange, change_scope
from app.demo.world import World
from app.kit.clock import day_of
from app.models.certificates import Certificate, CertificateStatus

AUTHORITY_BODY = "Hội đồng OCOP tỉnh (minh hoạ)"
Then = Callable[[Certificate, datetime], object]


def plan_every_certificate(world: World) -> None:
    """One of every kind beside VietGAP and organic, and one of every state."""
    world.plan(world.at(890), partial(_register_body, world))
    _plan_stars(world)
    _plan_pledge(world)
    _plan_group(world)
    _plan_marks(world)
    _plan_global(world)
    _plan_disputed(world)
    _plan_renewal(world)
    world.plan(world.at(0, hour=6), lambda now: send_certificate_reminders(world.session, now=now))


def _register_body(world: World, now: datetime) -> None:
    register_body_period(
        world.session,
        body=world.organisations["body"],
        number="MH-12/CN",
        valid_from=day_of(now),
        valid_to=None,
        by=world.callers["province_admin"].actor,
        now=now,
    )


def _plan_stars(world: World) -> None:
    """Four stars, confirmed by an inspector; ends within the year, so its holder is reminded."""
    details = CertificateDetails(
        standard="OCOP_2023",
        number="OCOP-LC-2024-031",
        crops=("SU_SU",),
        body_name=AUTHORITY_BODY,
        grade="4",
        points=78,
        **_days(world, 960, 36),
    )
    confirm = partial(_confirm, world, role="inspector", words="Đối chiếu quyết định công nhận.")
    _plan(world, "sa-pa", details, 880, role="coop_admin", then=confirm, after=40)


def _plan_pledge(world: World) -> None:
    details = CertificateDetails(
        standard="FOOD_SAFETY_PLEDGE",
        number="CK-10-0442-2025",
        body_name="Uỷ ban nhân dân xã (minh hoạ)",
        **_days(world, 200, 36),
    )
    _plan(world, "bao-yen", details, 200, role="coop_admin")


def _plan_group(world: World) -> None:
    """A participatory group with a member list; one joined later."""
    first, joining = world.growers["bat-xat"][:2], world.growers["bat-xat"][2]
    details = CertificateDetails(
        standard="PGS",
        number="PGS-YT-007",
        crops=("PHA_PHI", "CAI_MEO"),
        areas=(world.areas["bat-xat"][0].uid,),
        members=tuple(grower.uid for grower in first),
        body_name="Ban điều phối PGS Y Tý (minh hoạ)",
        area_m2=15_000,
        expected_output_g=60_000_000,
        **_days(world, 150, 12),
    )

    def join(certificate: Certificate, now: datetime) -> None:
        change_scope(
            world.session,
            certificate=certificate,
            change=ScopeChange(
                day_of(now), "Thêm hộ sau kiểm tra chéo.", Named((), (), (joining.uid,)), NOTHING
            ),
            caller=world.callers["inspector"],
            now=now,
        )

    _plan(world, "bat-xat", details, 150, role="coop_admin", then=join, after=60)


def _plan_marks(world: World) -> None:
    """A geographical indication, extended; a collective mark, suspended."""
    indication = CertificateDetails(
        standard="GEOGRAPHICAL_INDICATION",
        number="CDĐL-MK-0015",
        crops=("CAI_MEO",),
        areas=(world.areas["muong-khuong"][0].uid,),
        body_name="Sở Khoa học và Công nghệ (minh hoạ)",
        **_days(world, 700, 24),
    )

    def extend(certificate: Certificate, now: datetime) -> None:
        extend_certificate(
            world.session,
            certificate=certificate,
            valid_to=certificate.valid_to + relativedelta(months=12),
            reason="Gia hạn theo đề nghị của hợp tác xã.",
            caller=world.callers["inspector"],
            now=now,
        )

    _plan(world, "muong-khuong", indication, 690, role="coop_admin", then=extend, after=650)
    mark = CertificateDetails(
        standard="COLLECTIVE_MARK",
        number="NHTT-VB-0009",
        crops=("BO_KHAI",),
        body_name="Hội Nông dân huyện cũ (minh hoạ)",
        **_days(world, 400, 60),
    )
    _plan(world, "van-ban", mark, 400, role="coop_admin", then=partial(_suspend, world), after=380)


def _plan_global(world: World) -> None:
    details = CertificateDetails(
        standard="GLOBALGAP_IFA_6",
        number="4049928415684",
        crops=("CA_CHUA",),
        areas=(world.areas["bao-thang"][0].uid,),
        **_days(world, 330, 12),
    )
    _plan(world, "bao-thang", details, 330, role="certifier")


def _plan_disputed(world: World) -> None:
    """A number that its body does not know."""
    details = CertificateDetails(
        standard="VIETGAP_2026",
        number="VietGAP-TT-26-31-15-0999",
        crops=("CAI_NGONG",),
        areas=(world.areas["tp-lao-cai"][0].uid,),
        body=world.organisations["body"].uid,
        **_days(world, 60, 24),
    )

    def dispute(certificate: Certificate, now: datetime) -> None:
        dispute_certificate(
            world.session,
            certificate=certificate,
            words="Chúng tôi chưa cấp chứng nhận mang số này.",
            caller=world.callers["certifier"],
            now=now,
        )

    _plan(world, "tp-lao-cai", details, 55, role="coop_admin", then=dispute, after=30)


def _plan_renewal(world: World) -> None:
    """A facility renewed: the former certificate, graded A, is replaced."""
    former = CertificateDetails(
        standard="FOOD_SAFETY_2018",
        number="ATTP-10-0061-2024",
        grade="A",
        body_name="Chi cục Quản lý chất lượng (minh hoạ)",
        evidence="Đã xem bản gốc.",
        **_days(world, 850, 36),
    )

    def renew(certificate: Certificate, now: datetime) -> None:
        record_certificate(
            world.session,
            holder=world.organisations["bao-thang"],
            details=CertificateDetails(
                standard="FOOD_SAFETY_2024",
                number="ATTP-15-0233-2026",
                grade="pass",
                body_name="Chi cục Quản lý chất lượng (minh hoạ)",
                evidence="Đã xem bản gốc.",
                predecessor=certificate.uid,
                **_days(world, 45, 36),
            ),
            caller=world.callers["inspector"],
            now=now,
        )

    _plan(world, "bao-thang", former, 850, role="inspector", then=renew, after=805)


def _days(world: World, ago: int, months: int) -> dict[str, Any]:
    begins = world.today - timedelta(days=ago)
    return {
        "issued_on": begins,
        "valid_from": begins,
        "valid_to": begins + relativedelta(months=months) - timedelta(days=1),
    }


def _plan(
    world: World,
    key: str,
    details: CertificateDetails,
    ago: int,
    *,
    role: str,
    then: Then | None = None,
    after: int = 0,
) -> None:
    """A certificate that somebody of a role records, and what befalls it so many days later."""

    def act(now: datetime) -> None:
        certificate = record_certificate(
            world.session,
            holder=world.organisations[key],
            details=details,
            caller=caller_of(world, key, role),
            now=now,
        )
        if then is not None:
            world.plan(world.at(ago - after), partial(then, certificate))

    world.plan(world.at(ago), act)


def caller_of(world: World, key: str, role: str) -> Caller:
    """Somebody of a role; managers are of the cooperative itself."""
    caller, home = world.callers[role], world.organisations[key]
    if role != "coop_admin":
        return caller
    return replace(
        caller,
        organisation_id=home.pk,
        organisation_uid=home.uid,
        organisation_name=home.name,
    )


def _confirm(
    world: World, certificate: Certificate, now: datetime, *, role: str, words: str
) -> None:
    confirm_certificate(
        world.session, certificate=certificate, words=words, caller=world.callers[role], now=now
    )


def _suspend(world: World, certificate: Certificate, now: datetime) -> None:
    change_status(
        world.session,
        certificate=certificate,
        change=Change(
            CertificateStatus.SUSPENDED, day_of(now), "Chưa nộp báo cáo sử dụng nhãn hiệu."
        ),
        by=world.callers["inspector"].actor,
        now=now,
    )
