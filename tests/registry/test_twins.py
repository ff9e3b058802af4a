"""Growers entered twice are found among many, told apart or made one with all that is theirs."""

import random
from dataclasses import dataclass, replace
from datetime import date

import pytest
from sqlalchemy import event, select
from sqlmodel import col

from app.accounts.reach import Reach
from app.errors import Conflict, NotFound, Refused
from app.kit.quantities import SquareMetres
from app.kit.text import fold
from app.models.accounts import Role
from app.models.certificates import CertificateMember
from app.models.ledger import LedgerEntry
from app.models.lots import HarvestLot
from app.models.places import AdminUnit
from app.models.registry import Grower, GrowerConsent, GrowerMembership, Plot
from app.registry.grower_commands import give_consent, new_code, withdraw_consent
from app.registry.grower_queries import grower_line, growers, memberships_of, public_name_of
from app.registry.plot_commands import PlotDetails, register_plot
from app.registry.twin_commands import merge_growers, tell_apart
from app.registry.twin_queries import grower_twins, likely_count, plot_twins
from app.registry.twin_rules import Likeness
from tests.registry.decisions import BY

FAMILIES = [
    "Giàng",
    "Vàng",
    "Thào",
    "Sùng",
    "Lý",
    "Hoàng",
    "Nguyễn",
    "Tẩn",
    "Chảo",
    "Lò",
    "Hầu",
    "Ma",
    "Cư",
    "Lù",
]
MIDDLES = ["A", "Thị", "Văn", "Seo", "Xuân", "Láo", "Thanh", "Mạnh", "Quang", "Mý"]
GIVENS = [
    "Páo",
    "Sinh",
    "Mẩy",
    "Dơ",
    "Chúng",
    "Hoà",
    "Thuý",
    "Sáng",
    "Lử",
    "Pao",
    "Dín",
    "Vư",
    "Tráng",
    "Khoả",
    "Quý",
    "Nủ",
    "Dung",
    "Cường",
    "Hạnh",
    "Sơn",
    "Tủa",
    "Xoá",
    "Châu",
    "Lan",
    "Hương",
    "Bình",
    "Thào",
    "Lềnh",
    "Phủ",
    "Seng",
]
HAMLETS = [f"Thôn {name}" for name in ("Bản Phố 1", "Bản Phố 2", "Na Kim", "Tả Hồ", "Nậm Cáy")]
PEOPLE, PLANTED, SEED = 400, 200, 20_261_130


@dataclass(frozen=True)
class Draft:
    name: str
    phone: str | None
    hamlet: str


def somebody(chance):
    name = " ".join(map(chance.choice, (FAMILIES, MIDDLES, GIVENS)))
    phone = f"09{chance.randrange(10**8):08}" if chance.random() < 0.85 else None
    return Draft(name, phone, chance.choice(HAMLETS))


def slipped(text, chance, letters):
    places = [at for at, sign in enumerate(text) if sign.isalnum() and at > 0]
    at = chance.choice(places)
    return text[:at] + chance.choice([one for one in letters if one != text[at]]) + text[at + 1 :]


def reordered(name, _chance):
    words = name.split()
    return " ".join([words[-1], *words[:-1]])


SPELLINGS = {
    "title": lambda name, chance: chance.choice(["Ông ", "Hộ bà ", "Chị "]) + name,
    "order": reordered,
    "bare": lambda name, _chance: fold(name).title(),
    "tone": lambda name, _chance: name.replace("oà", "òa").replace("uý", "úy"),
    "slip": lambda name, chance: slipped(name, chance, "aehiknost"),
    "capitals": lambda name, _chance: name.upper(),
}


def again(draft, chance):
    """The same person as another clerk wrote them down: one thing is different."""
    kinds = ["title", "order", "bare", "tone"]
    if draft.phone is not None:
        kinds += ["slip", "capitals", "phone slip", "no phone"]
    kind = chance.choice(kinds)
    if kind == "no phone":
        return replace(draft, phone=None)
    if kind == "phone slip":
        return replace(
            draft, phone=draft.phone[:4] + slipped(draft.phone[4:], chance, "0123456789")
        )
    hamlet = chance.choice(HAMLETS) if kind == "capitals" else draft.hamlet
    return replace(draft, name=SPELLINGS[kind](draft.name, chance), hamlet=hamlet)


@pytest.fixture
def enter(session, home, now):
    """Enter many at once, as an import of old lists would."""
    commune = session.execute(
        select(AdminUnit).where(col(AdminUnit.code) == "02839", col(AdminUnit.valid_to).is_(None))
    ).scalar_one()

    def act(drafts):
        made = [
            Grower(
                code=new_code(),
                name=draft.name,
                name_key=fold(draft.name),
                phone=draft.phone,
                hamlet=draft.hamlet,
                commune_id=commune.pk,
                created_at=now,
            )
            for draft in drafts
        ]
        session.add_all(made)
        session.flush()
        session.add_all(
            GrowerMembership(grower_id=one.pk, organisation_id=home.pk, valid_from=date(2026, 1, 1))
            for one in made
        )
        session.flush()
        return made

    return act


def test_of_two_hundred_planted_twins_among_six_hundred_nearly_all_are_found(session, home, enter):
    chance = random.Random(SEED)
    drafts = [somebody(chance) for _ in range(PEOPLE)]
    originals = chance.sample(range(PEOPLE), PLANTED)
    made = enter([*drafts, *(again(drafts[at], chance) for at in originals)])
    planted = {(made[at].pk, made[PEOPLE + n].pk) for n, at in enumerate(originals)}
    statements = []
    bound = session.get_bind()
    event.listen(bound, "before_cursor_execute", lambda *said: statements.append(said[2]))
    found = {
        (pair.older.grower_id, pair.younger.grower_id)
        for pair in grower_twins(session, home)
        if pair.finding.likeness is Likeness.LIKELY
    }
    recall, precision = len(found & planted) / PLANTED, len(found & planted) / len(found)
    assert len(made) == PEOPLE + PLANTED
    assert (recall >= 0.95, precision >= 0.95) == (True, True), (recall, precision)
    assert len(statements) <= 4


@pytest.fixture
def merge(session, home, now):
    def act(one, other):
        return merge_growers(session, organisation=home, growers=(one, other), by=BY, now=now)

    return act


@pytest.fixture
def twice(enrol):
    return enrol(), enrol(name="Ông Giàng A Páo", phone="0912345679", since=-30)


def plots_of(session, grower):
    wanted = select(col(Plot.name)).where(col(Plot.grower_id) == grower.pk)
    return sorted(session.execute(wanted).scalars())


def add_plot(session, home, grower, now, name="Thửa 1", area=800):
    return register_plot(
        session,
        organisation=home,
        details=PlotDetails(name, grower.uid, "02839", SquareMetres(area)),
        by=BY,
        now=now,
    )


def test_a_pair_told_apart_is_not_asked_about_again(session, home, twice, now):
    one, other = twice
    assert likely_count(session, home) == 1
    for uids in ((one.uid, other.uid), (other.uid, one.uid)):
        tell_apart(session, organisation=home, noun="grower", uids=uids, by=BY, now=now)
        session.flush()
    assert grower_twins(session, home) == []
    with pytest.raises(Refused):
        tell_apart(
            session, organisation=home, noun="grower", uids=(one.uid, one.uid), by=BY, now=now
        )


def test_another_organisation_is_asked_about_its_own_only(session, given, enrol, twice):
    away = given.cooperative()
    enrol(organisation=away, name="Giàng A Páo", phone="0912345677")
    assert likely_count(session, away) == 0


def test_the_older_record_takes_over_everything(session, home, given, merge, twice, now):
    one, other = twice
    add_plot(session, home, one, now)
    add_plot(session, home, other, now)
    add_plot(session, home, other, now, "Thửa 2")
    area = given.area(home)
    lot = given.lot(area)
    lot.grower_id = other.pk
    certificate = given.certificate(area)
    for grower in (one, other):
        session.add(
            CertificateMember(
                certificate_id=certificate.pk, grower_id=grower.pk, since=given.day(-300)
            )
        )
    give_consent(session, grower=other, by=BY, now=now)
    session.flush()
    version = lot.version
    merged = merge(other, one)
    assert (merged.stays.pk, merged.gone.pk) == (one.pk, other.pk)
    assert plots_of(session, one) == ["Thửa 1", f"Thửa 1 ({other.code})", "Thửa 2"]
    assert plots_of(session, other) == []
    moved = session.get_one(HarvestLot, lot.pk)
    assert (moved.grower_id, moved.version) == (one.pk, version + 1)
    members = session.execute(select(CertificateMember)).scalars().all()
    assert [(row.grower_id, row.since) for row in members] == [(one.pk, given.day(-300))]
    assert public_name_of(session, one.pk) == "Giàng A Páo"
    assert [row.valid_from for row in memberships_of(session, one)] == [given.day(-400)]
    assert memberships_of(session, other) == []
    told = session.execute(
        select(LedgerEntry).where(col(LedgerEntry.kind) == "grower.merged")
    ).scalar_one()
    assert str(one.uid) in told.body
    assert str(other.uid) in told.body


def test_a_merged_record_is_in_no_list_and_its_address_leads_to_the_other(
    session, home, merge, twice, given
):
    one, other = twice
    merge(one, other)
    own = Reach.own(home.pk)
    assert [line.grower.pk for line in growers(session, within=own).items] == [one.pk]
    assert grower_line(session, other.uid, within=own).grower.pk == one.pk
    with pytest.raises(NotFound):
        grower_line(session, other.uid, within=Reach.own(given.cooperative().pk))
    with pytest.raises(Conflict):
        merge(one, other)
    with pytest.raises(Refused):
        merge(one, one)


def test_a_consent_from_before_a_withdrawal_does_not_come_back(session, merge, twice, clock, now):
    one, other = twice
    give_consent(session, grower=one, by=BY, now=now)
    give_consent(session, grower=other, by=BY, now=now)
    clock.forward(days=1)
    withdraw_consent(session, grower=other, by=BY, now=clock())
    merge(one, other)
    assert public_name_of(session, one.pk) is None
    assert len(session.execute(select(GrowerConsent)).scalars().all()) == 2


def test_two_accounts_are_never_joined_and_one_is_taken_over(session, given, home, merge, enrol):
    one, other = enrol(), enrol(phone="0912345679")
    first, second = (given.account(Role.GROWER, home) for _ in range(2))
    one.account_id, other.account_id = first.pk, second.pk
    session.flush()
    with pytest.raises(Conflict, match="account"):
        merge(one, other)
    one.account_id = None
    session.flush()
    merge(one, other)
    assert (one.account_id, other.account_id) == (second.pk, None)


def test_a_member_of_another_organisation_stays(session, given, merge, twice):
    one, other = twice
    session.add(
        GrowerMembership(
            grower_id=other.pk, organisation_id=given.cooperative().pk, valid_from=given.day(-9)
        )
    )
    session.flush()
    with pytest.raises(Conflict, match="another organisation"):
        merge(one, other)


def test_plots_of_one_name_or_on_one_ground_are_found(session, home, given, enrol, now):
    one, other = enrol(), enrol(name="Sùng Thị Dơ", phone="0387654321")
    first = add_plot(session, home, one, now, "Thửa ruộng trên")
    second = add_plot(session, home, one, now, "Thửa trên ruộng")
    add_plot(session, home, one, now, "Đồi", 3000)
    third = add_plot(session, home, other, now, "Nương", 19_600)
    fourth = add_plot(session, home, one, now, "Vườn", 19_000)
    for plot, east in ((third, 0), (fourth, 0.1)):
        plot.polygon = given.boundary(east)
        plot.west, plot.east, plot.south, plot.north = 0, 10, 0, 10
    session.flush()
    found = {(pair.older.plot_id, pair.younger.plot_id) for pair in plot_twins(session, home)}
    assert found == {(first.pk, second.pk), (third.pk, fourth.pk)}
    tell_apart(
        session, organisation=home, noun="plot", uids=(third.uid, fourth.uid), by=BY, now=now
    )
    session.flush()
    assert len(plot_twins(session, home)) == 1
