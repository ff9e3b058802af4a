"""Lists of growers: who is a member, where they live, since when."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.exchange.columns import Column, Kind, Layout
from app.exchange.commune_reading import Communes
from app.exchange.importing import Doing, Found, Importer
from app.exchange.layouts.fields import read_commune, read_name, read_phone
from app.exchange.row_reading import RowReader
from app.exchange.template_writing import Lists, Say
from app.kit.clock import day_of
from app.kit.messages import say
from app.models.accounts import Role
from app.models.registry import Organisation
from app.places.queries import communes_on
from app.registry.grower_commands import Person, register_grower
from app.registry.grower_list_commands import NewMember, register_growers
from app.registry.grower_list_queries import Listed, identity_key, listed_growers
from app.registry.rules import require_past_day
from app.registry.unregister_commands import TakingBack, unregister_growers

LAYOUT = Layout(
    "Ho_dan",
    (
        Column(
            "name",
            say("Full name of the grower"),
            ("Họ và tên", "Họ tên", "Tên", "Chủ hộ", "Tên chủ hộ", "Tên hộ", "Hộ dân", "Tên hộ dân",
             "Tên nông hộ", "Nông hộ", "Họ tên chủ hộ", "Họ và tên chủ hộ", "Xã viên", "Thành viên",
             "Tên xã viên", "Tên thành viên", "Name", "Full name", "姓名"),
            required=True,
            examples=("Lý Thị Ví Dụ", "Giàng A Ví Dụ"),
            hint=say("As on the identity card."),
        ),
        Column(
            "phone",
            say("Telephone of the grower"),
            ("Điện thoại", "Số điện thoại", "SĐT", "ĐT", "Di động", "Telephone", "Phone", "电话"),
            kind=Kind.PHONE,
            examples=("0912 345 678", "0987 654 321"),
            hint=say("Ten digits. It tells people of the same name from one another."),
        ),
        Column(
            "commune",
            say("Commune, ward"),
            ("Xã", "Xã/phường", "Xã, phường", "Phường", "Xã/thị trấn", "Địa chỉ xã", "Commune"),
            required=True,
            kind=Kind.CHOICE,
            examples=("Xã Bắc Hà", "Bản Phố, Bắc Hà"),
            hint=say("The name of today or of before July 2025, then with the district."),
        ),
        Column(
            "hamlet",
            say("Hamlet"),
            ("Thôn", "Thôn/bản", "Thôn, bản", "Bản", "Tổ dân phố", "Thôn/tổ", "Xóm", "Village"),
            examples=("Thôn Ví Dụ 1", ""),
        ),
        Column(
            "member_since",
            say("Member since"),
            ("Ngày vào", "Ngày vào HTX", "Ngày gia nhập", "Ngày tham gia", "Thành viên từ ngày",
             "Ngày kết nạp", "Ngày vào hợp tác xã"),
            kind=Kind.DAY,
            examples=("05/03/2024", ""),
            hint=say("Left empty, it is the day of the import."),
        ),
    ),
    say("Growers"),
)  # fmt: skip


class _Checker:
    """Who is a member already, and who is named twice."""

    def __init__(self, session: Session, organisation: Organisation, now: datetime) -> None:
        self._today = day_of(now)
        self._communes = Communes(session, self._today)
        known = listed_growers(session, organisation)
        self._known = {line.identity: line for line in known}
        self._namesakes = {(line.name_key, line.commune_id): line.code for line in known}
        self._named: dict[tuple[str, int], str | None] = {}
        self._phones = {line.phone: line for line in known if line.phone}

    def check(self, row: RowReader) -> Found:
        name, name_key = read_name(row, "name")
        phone = read_phone(row, "phone")
        commune = read_commune(row, "commune", self._communes)
        hamlet = row.text("hamlet", longest=120)
        since = row.day(
            "member_since",
            lambda day: require_past_day("member_since", day, today=self._today),
        )
        if row.faulty or commune is None:
            return Found()
        commune_id = commune.placed.present.pk
        key = identity_key(name_key, phone, commune_id, hamlet)
        if key in self._known:
            _tell(row, self._known[key], commune_id)
            return Found(key, known=True)
        self._warn(row, name_key, phone, commune_id)
        person = Person(name, commune.commune, commune.former_commune, phone or "", hamlet)
        return Found(key, fact=NewMember(person, since or self._today))

    def _warn(self, row: RowReader, name_key: str, phone: str | None, commune_id: int) -> None:
        self._warn_of_namesake(row, (name_key, commune_id), phone)
        holder = self._phones.get(phone) if phone else None
        if holder is not None:
            row.warn(
                "phone",
                say(
                    "{name} ({code}) has this telephone too. Is it the same person?",
                    name=holder.name,
                    code=holder.code,
                ),
            )

    def _warn_of_namesake(self, row: RowReader, name: tuple[str, int], phone: str | None) -> None:
        namesake = self._namesakes.get(name)
        if namesake is not None:
            row.warn(
                "name",
                say(
                    "{code} has the same name in the same commune, and another telephone. Is it "
                    "the same person?",
                    code=namesake,
                ),
            )
        elif self._named.setdefault(name, phone) != phone:
            row.warn("name", say("Another row has the same name in the same commune."))


def _tell(row: RowReader, known: Listed, commune_id: int) -> None:
    if known.left_on is not None:
        row.warn(
            "name",
            say(
                "{code} was a member until {day}. The file does not bring anybody back.",
                code=known.code,
                day=known.left_on,
            ),
        )
    elif known.commune_id != commune_id:
        why = say(
            "{code} is registered in another commune. The file changes nothing.", code=known.code
        )
        row.warn("commune", why)


def _register(session: Session, doing: Doing, facts: Sequence[NewMember]) -> list[UUID]:
    return register_growers(
        session, organisation=doing.organisation, members=facts, by=doing.by, now=doing.now
    )


def _register_one(session: Session, doing: Doing, fact: NewMember) -> UUID:
    return register_grower(
        session,
        organisation=doing.organisation,
        person=fact.person,
        member_since=fact.since,
        by=doing.by,
        now=doing.now,
    ).uid


def _take_back(session: Session, doing: Doing, made: Sequence[UUID]) -> None:
    how = TakingBack(doing.organisation, doing.batch, doing.by, doing.now)
    unregister_growers(session, made, how)


def _lists(session: Session, _organisation: Organisation, now: datetime, _say: Say) -> Lists:
    return {"commune": [unit.name for unit in communes_on(session, day_of(now))]}


GROWERS = Importer(
    layout=LAYOUT,
    roles=frozenset({Role.STAFF, Role.COOP_ADMIN}),
    checker=_Checker,
    register=_register,
    register_one=_register_one,
    take_back=_take_back,
    lists=_lists,
    words=say("Growers"),
    filled_down=(("commune",),),
    sheets=("Hộ dân", "Hộ", "Thành viên", "Xã viên"),
)
