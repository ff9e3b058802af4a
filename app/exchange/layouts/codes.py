"""Registers of planting-area codes that were kept elsewhere: their codes come in untouched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.errors import DomainError
from app.exchange import cells
from app.exchange.columns import Column, Kind, Layout
from app.exchange.importing import Doing, Found, Importer, one_by_one
from app.exchange.row_reading import KnownNames, RowReader
from app.exchange.template_writing import Lists, Say
from app.exchange.written import Cell
from app.kit.clock import day_of
from app.kit.i18n import LANGUAGES, language
from app.kit.messages import Message, say
from app.models.accounts import Role
from app.models.registry import ENDED, CodeScheme, CodeStatus, Organisation, PlantingArea
from app.registry import codes
from app.registry.code_entry_commands import (
    GivenCode,
    enter_code,
    require_code,
    require_day_of_code,
    require_day_of_status,
    require_free,
)
from app.registry.code_queries import find_code
from app.registry.markets import HOME_MARKET, market_of
from app.registry.unregister_commands import TakingBack, unregister_codes
from app.registry.words import name_of

_EXTERNAL = say("Another authority")
_MARKETS: dict[str, Message] = {
    "VNM": say("Viet Nam"),
    "CHN": say("China"),
    "JPN": say("Japan"),
    "KOR": say("Korea"),
    "USA": say("United States"),
}
_HOME_WORDS = ("Nội địa", "Nội tiêu", "Trong nước", "VN")
_SCHEMES: tuple[tuple[CodeScheme, tuple[str, ...]], ...] = (
    (CodeScheme.QD3156_2022, ("QĐ 3156/QĐ-BNN-TT", "QĐ 3156", "3156", "Quyết định 3156")),
    (CodeScheme.TCCS774_2020, ("TCCS 774:2020/BVTV", "TCCS 774", "774")),
    (CodeScheme.ND38_2026, ("NĐ 38/2026/NĐ-CP", "NĐ 38", "Nghị định 38")),
    (CodeScheme.EXTERNAL, ("Khác", "Cơ quan khác", "EXTERNAL")),
)
_STATUSES: dict[CodeStatus, Message] = {
    CodeStatus.ACTIVE: say("In force"),
    CodeStatus.WARNED: say("Under a warning"),
    CodeStatus.SUSPENDED: say("Suspended"),
    CodeStatus.REVOKED: say("Revoked for good"),
    CodeStatus.CANCELLED: say("Cancelled"),
}
_STATUS_WORDS: tuple[tuple[str, CodeStatus], ...] = (
    ("Đang hoạt động", CodeStatus.ACTIVE),
    ("Hoạt động", CodeStatus.ACTIVE),
    ("Cảnh báo", CodeStatus.WARNED),
    ("Tạm dừng", CodeStatus.SUSPENDED),
    ("Đình chỉ", CodeStatus.SUSPENDED),
    ("Thu hồi", CodeStatus.REVOKED),
    ("Hủy", CodeStatus.CANCELLED),
)

LAYOUT = Layout(
    "Ma_so_vung_trong",
    (
        Column(
            "area",
            say("Planting area of the code"),
            ("Vùng trồng", "Tên vùng trồng", "Tên vùng", "Vùng", "Area"),
            required=True,
            kind=Kind.CHOICE,
            examples=("Vùng ví dụ 1", "Vùng ví dụ 1"),
            hint=say("The name of an area that the organisation has registered."),
        ),
        Column(
            "code",
            say("Code as it was given"),
            ("Mã số vùng trồng", "Mã số", "MSVT", "Mã vùng trồng", "Mã", "PUC", "Code", "Mã số PUC"),
            required=True,
            kind=Kind.CODE,
            examples=("VN-10-083-02839-00-23", "VN-LCOR-0000"),
            hint=say("Kept letter by letter as it stands here."),
        ),
        Column(
            "scheme",
            say("Scheme of the code"),
            ("Căn cứ cấp mã", "Căn cứ", "Quy định", "Loại mã", "Scheme"),
            kind=Kind.CHOICE,
            examples=("QĐ 3156/QĐ-BNN-TT", ""),
            hint=say("Left empty, it is read off the form of the code."),
        ),
        Column(
            "market",
            say("Market of the code"),
            ("Thị trường", "Nước nhập khẩu", "Market"),
            kind=Kind.CHOICE,
            examples=("Việt Nam", "Trung Quốc"),
            hint=say("Left empty, it is Viet Nam. Other countries by their three letters."),
        ),
        Column(
            "issued_on",
            say("Issued on"),
            ("Ngày cấp", "Ngày cấp mã", "Ngày quyết định", "Cấp ngày"),
            required=True,
            kind=Kind.DAY,
            examples=("20/03/2023", "15/06/2022"),
        ),
        Column(
            "number",
            say("Number of the decision"),
            ("Số quyết định", "Quyết định số", "Số QĐ", "Quyết định", "Số văn bản", "Decision"),
            required=True,
            kind=Kind.CODE,
            examples=("12/QĐ-ví dụ", "13/QĐ-ví dụ"),
        ),
        Column(
            "status",
            say("Status of the code"),
            ("Trạng thái", "Tình trạng", "Tình trạng mã", "Hiện trạng", "Status"),
            kind=Kind.CHOICE,
            examples=("", "Tạm đình chỉ"),
            hint=say("Left empty, the code is in force."),
        ),
        Column(
            "since",
            say("Status since"),
            ("Từ ngày", "Trạng thái từ ngày", "Ngày đình chỉ", "Ngày thu hồi", "Since"),
            kind=Kind.DAY,
            examples=("", "01/03/2025"),
            hint=say("Needed for a code that is not in force."),
        ),
        Column(
            "reason",
            say("Reason of the status"),
            ("Lý do", "Lý do đình chỉ", "Lý do thu hồi", "Reason"),
            examples=("", "Không ghi nhật ký"),
        ),
    ),
    say("Planting-area codes"),
)  # fmt: skip


@dataclass(frozen=True)
class CodeOfArea:
    """A code to be entered for an area."""

    area_id: int
    given: GivenCode


class _Checker:
    """The areas of an organisation, the schemes and the markets."""

    def __init__(self, session: Session, organisation: Organisation, now: datetime) -> None:
        self._session, self._today = session, day_of(now)
        self._areas: KnownNames[PlantingArea] = KnownNames(
            say("The organisation has no planting area {written}.")
        )
        wanted = select(PlantingArea).where(col(PlantingArea.organisation_id) == organisation.pk)
        for area in session.execute(wanted).scalars():
            self._areas.add(area.name, area)
        self._schemes: KnownNames[CodeScheme] = KnownNames(say("{written} is no scheme of codes."))
        for scheme, names in _SCHEMES:
            for name in (scheme.value, *names):
                self._schemes.add(name, scheme)
        self._markets = _markets()
        self._statuses = _statuses()
        self._standing: set[tuple[int, str]] = set()

    def check(self, row: RowReader) -> Found:
        area = row.known("area", self._areas)
        text = row.text("code", longest=codes.LONGEST_CODE)
        scheme = row.known("scheme", self._schemes) if row.has("scheme") else codes.scheme_of(text)
        market = row.read("market", self._market_of, HOME_MARKET)
        issued_on = row.day("issued_on")
        number = row.read("number", _number_of, "")
        status = row.read("status", self._statuses.of, CodeStatus.ACTIVE)
        since, reason = row.day("since"), row.text("reason", longest=500)
        if row.faulty or area is None or issued_on is None:
            return Found()
        given = GivenCode(
            text, scheme or CodeScheme.EXTERNAL, market, issued_on, number, status, since, reason
        )
        key = codes.key_of(text)
        known = find_code(self._session, text)
        if known is not None and (known.area_id, known.market) == (area.pk, market):
            return Found(key, known=True)
        self._judge(row, area, given)
        return Found(key, fact=CodeOfArea(area.pk, given))

    def _judge(self, row: RowReader, area: PlantingArea, given: GivenCode) -> None:
        """The rules of `enter_code`, all of them at once."""
        holds = (area.pk, given.market)
        if holds in self._standing:
            row.fault("market", say("Another row has a code of this area for this market."))
        if given.status not in ENDED:
            self._standing.add(holds)
        for rule in (
            lambda: require_code(given, given.market),
            lambda: require_day_of_code(
                self._session, area, given, given.market, today=self._today
            ),
            lambda: require_day_of_status(given, today=self._today),
            lambda: require_free(self._session, area, given.code, given.market),
        ):
            try:
                rule()
            except DomainError as refused:
                fields = [fault.field for fault in refused.fields]
                row.fault(fields[0] if fields else "code", refused.why)

    def _market_of(self, cell: Cell) -> str:
        written = cells.text(cell, 80)
        try:
            return market_of(written)
        except DomainError:
            return self._markets.of(written)


def _markets() -> KnownNames[str]:
    names: KnownNames[str] = KnownNames(say("{written} is no market."))
    for market, words in _MARKETS.items():
        for tag in LANGUAGES:
            names.add(language(tag).say(words), market)
    for word in _HOME_WORDS:
        names.add(word, HOME_MARKET)
    return names


def _statuses() -> KnownNames[CodeStatus]:
    names: KnownNames[CodeStatus] = KnownNames(say("{written} is no status of a code."))
    for status, words in _STATUSES.items():
        for name in (status.value, *(language(tag).say(words) for tag in LANGUAGES)):
            names.add(name, status)
    for word, status in _STATUS_WORDS:
        names.add(word, status)
    return names


def _number_of(cell: Cell) -> str:
    return name_of("number", cells.text(cell, 80), longest=80)[0]


def _register_one(session: Session, doing: Doing, fact: CodeOfArea) -> UUID:
    area = session.get_one(PlantingArea, fact.area_id)
    return enter_code(session, area=area, given=fact.given, by=doing.by, now=doing.now).uid


def _take_back(session: Session, doing: Doing, made: Sequence[UUID]) -> None:
    how = TakingBack(doing.organisation, doing.batch, doing.by, doing.now)
    unregister_codes(session, made, how)


def _lists(session: Session, organisation: Organisation, _now: datetime, say: Say) -> Lists:
    wanted = select(col(PlantingArea.name)).where(
        col(PlantingArea.organisation_id) == organisation.pk
    )
    names = session.execute(wanted.order_by(col(PlantingArea.name_key))).scalars()
    return {
        "area": list(names),
        "scheme": [names[0] for _, names in _SCHEMES],
        "market": [say(words) for words in _MARKETS.values()],
        "status": [say(words) for words in _STATUSES.values()],
    }


CODES = Importer(
    layout=LAYOUT,
    roles=frozenset({Role.PROVINCE_ADMIN}),
    checker=_Checker,
    register=one_by_one(_register_one),
    register_one=_register_one,
    take_back=_take_back,
    lists=_lists,
    words=say("Codes given earlier"),
    filled_down=(("area",),),
    sheets=("Mã số vùng trồng", "MSVT"),
)
