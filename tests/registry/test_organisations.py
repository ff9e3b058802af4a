"""Organisations: registered, amended, found; their address before and since the merger."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.accounts.reach import Reach
from app.errors import Conflict, NotFound, Refused
from app.kit.cursor import UnreadableCursor
from app.ledger.actors import Actor
from app.models.ledger import LedgerEntry
from app.models.places import AdminUnit
from app.models.registry import OrganisationKind
from app.registry.organisation_commands import (
    OrganisationDetails,
    amend_organisation,
    register_organisation,
)
from app.registry.organisation_queries import (
    count_organisations,
    organisation_by_uid,
    organisations,
)

DETAILS = OrganisationDetails(
    name="HTX Rau Bản Phố",
    commune="02647",
    former_commune="02647",
    address="Tổ 5",
    public_phone="+84 214 3820 123",
    registration_number="12A.00031",
)


@pytest.fixture
def register(session, now):
    def act(kind=OrganisationKind.COOPERATIVE, **changed):
        return register_organisation(
            session, kind=kind, details=replace(DETAILS, **changed), by=Actor.system(), now=now
        )

    return act


@pytest.fixture
def amend(session, now):
    def act(organisation, **changed):
        return amend_organisation(
            session,
            organisation=organisation,
            details=replace(DETAILS, **changed),
            by=Actor.system(),
            now=now,
        )

    return act


def unit_name(session, unit_id):
    return session.get_one(AdminUnit, unit_id).name


def newest_fact(session):
    wanted = select(LedgerEntry).order_by(col(LedgerEntry.position).desc()).limit(1)
    return session.execute(wanted).scalar_one()


def refused_field(call, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return refused.value.fields[0].field


def test_an_address_is_kept_in_both_systems(session, register):
    organisation = register()
    assert unit_name(session, organisation.commune_id) == "Phường Lào Cai"
    assert unit_name(session, organisation.former_commune_id) == "Phường Kim Tân"
    assert organisation.public_phone == "02143820123"


def test_a_registration_is_a_fact_of_the_organisations_history(session, register):
    organisation = register()
    fact = newest_fact(session)
    assert (fact.kind, fact.subject) == ("organisation.registered", str(organisation.uid))
    assert fact.organisation == organisation.uid
    facts = json.loads(fact.body)["facts"]
    assert facts["commune"] == facts["former_commune"] == "02647"
    assert facts["name"] == "HTX Rau Bản Phố"


def test_a_code_of_today_leaves_the_former_commune_open(session, register):
    organisation = register(former_commune=None)
    assert unit_name(session, organisation.commune_id) == "Phường Lào Cai"
    assert organisation.former_commune_id is None


def test_a_code_that_is_no_more_names_its_successor(session, register):
    # 02644 was phường Cốc Lếu; nothing bears the code today.
    organisation = register(commune="02644", former_commune=None)
    assert unit_name(session, organisation.commune_id) == "Phường Lào Cai"
    assert unit_name(session, organisation.former_commune_id) == "Phường Cốc Lếu"


def test_two_communes_that_do_not_belong_together_are_refused(register):
    with pytest.raises(Refused, match="Phường Kim Tân became part of Phường Lào Cai") as refused:
        register(commune="02671", former_commune="02647")
    assert refused.value.fields[0].field == "former_commune"


@pytest.mark.parametrize("code", ["99999", "2647", "abcde", "02647\x00", "\ud800", "٠٢٦٤٧"])
def test_an_unknown_commune_is_refused(register, code):
    assert refused_field(register, commune=code, former_commune=None) == "commune"
    assert refused_field(register, commune="", former_commune=code) == "former_commune"


def test_a_cooperative_has_a_commune_and_a_certification_body_may_be_elsewhere(register):
    assert refused_field(register, commune="", former_commune=None) == "commune"
    body = register(OrganisationKind.CERTIFICATION_BODY, commune="", former_commune=None)
    assert body.commune_id is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 161),
        ("name", "HTX\ud800"),
        ("address", "Tổ\x005"),
        ("public_phone", "gọi anh Páo"),
        ("registration_number", "9" * 41),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(register, field, value):
    assert refused_field(register, **{field: value}) == field


def test_a_registration_number_belongs_to_one_organisation(register):
    register()
    with pytest.raises(Conflict) as conflict:
        register(name="HTX khác")
    assert conflict.value.fields[0].field == "registration_number"


def test_organisations_without_a_number_do_not_collide(session, register):
    before = count_organisations(session)
    register(registration_number=None)
    register(registration_number="")
    assert count_organisations(session) == before + 2


def test_an_amendment_is_another_version_and_another_fact(session, register, amend):
    organisation = register()
    session.commit()
    amend(organisation, name="HTX Rau Bản Phố 2", address="Tổ 6")
    assert organisation.version == 2
    assert organisation.name_key == "htx rau ban pho 2"
    assert newest_fact(session).kind == "organisation.amended"


def test_the_former_commune_is_kept_until_the_commune_changes(session, register, amend):
    organisation = register()
    amend(organisation, former_commune=None)
    assert unit_name(session, organisation.former_commune_id) == "Phường Kim Tân"
    amend(organisation, commune="02671", former_commune=None)
    assert organisation.former_commune_id is None


def test_an_organisation_may_keep_its_own_number(register, amend):
    organisation = register()
    assert amend(organisation, address="Tổ 7").registration_number == "12A.00031"


def test_what_is_out_of_reach_is_not_found(session, register):
    mine, other = register(), register(registration_number=None)
    assert organisation_by_uid(session, mine.uid, within=Reach.own(mine.pk)) is mine
    with pytest.raises(NotFound):
        organisation_by_uid(session, other.uid, within=Reach.own(mine.pk))


def test_a_name_is_found_by_its_words_without_case_or_diacritics(session, register):
    register(name="HTX Đậu Hà Lan Sa Pa", registration_number=None)
    register(name="HTX Rau Sa Pả", registration_number=None)

    def names(q, **narrowed):
        page = organisations(session, within=Reach.all(), q=q, **narrowed)
        return [found.name for found in page.items]

    assert names("sa pa") == ["HTX Đậu Hà Lan Sa Pa", "HTX Rau Sa Pả"]
    assert names("PA dau") == ["HTX Đậu Hà Lan Sa Pa"]
    assert names("pa %_\ud800\x00") == names("sa pa")
    assert names("sa pa", kind=OrganisationKind.GROUP) == []


def test_pages_follow_each_other_without_gap_or_overlap(session, register):
    made = [register(name=f"Tổ {n}", registration_number=None).uid for n in range(5)]
    seen, after = [], None
    while True:
        page = organisations(session, within=Reach.all(), q="to", after=after, limit=2)
        seen += [found.uid for found in page.items]
        after = page.next
        if after is None:
            break
    assert seen == made


def test_a_foreign_cursor_is_refused(session):
    with pytest.raises(UnreadableCursor):
        organisations(session, within=Reach.all(), after="abc")
