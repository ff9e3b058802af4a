"""Photographs of entries, and what an inspector should look at."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from app.accounts.reach import Reach
from app.diary.anomaly_queries import AnomalyKind, anomalies
from app.diary.conflict_commands import settle_conflict
from app.diary.entry_queries import details_of
from app.diary.photo_commands import MOST_PHOTOS, Kept, add_photo
from app.diary.queries import standing_entries
from app.errors import Conflict, Refused
from app.models.base import new_uid
from app.models.diary import ConflictState, DiaryEntry, Work
from app.models.registry import Organisation
from app.pictures.cleaning import cleaned_picture
from tests.diary.growing import Growing, photograph


def add(growing: Growing, entry: DiaryEntry, seed: int = 1) -> Kept:
    home = growing.session.get_one(Organisation, entry.organisation_id)
    return add_photo(
        growing.session,
        organisation=home,
        entry=entry.uid,
        photo=cleaned_picture(photograph(seed)),
        pen=growing.pen,
    )


def shown(growing: Growing, entry: DiaryEntry) -> int:
    return len(details_of(growing.session, [entry.pk])[entry.pk].pictures)


def test_a_photograph_sent_twice_is_there_once(growing: Growing) -> None:
    entry = growing.entry(growing.planting())
    assert [add(growing, entry).added, add(growing, entry).added, add(growing, entry, 2).added] == [
        True,
        False,
        True,
    ]
    assert shown(growing, entry) == 2


def test_a_photograph_before_its_entry_is_sent_again(growing: Growing, session: Session) -> None:
    planting = growing.planting()
    home = session.get_one(Organisation, planting.organisation_id)
    with pytest.raises(Conflict, match="has not arrived yet"):
        add_photo(
            session,
            organisation=home,
            entry=new_uid(),
            photo=cleaned_picture(photograph()),
            pen=growing.pen,
        )
    foreign = growing.entry(growing.planting())
    with pytest.raises(Conflict):
        add_photo(
            session,
            organisation=home,
            entry=foreign.uid,
            photo=cleaned_picture(photograph()),
            pen=growing.pen,
        )


def test_a_correction_keeps_the_photographs(growing: Growing) -> None:
    planting = growing.planting()
    entry = growing.entry(planting)
    add(growing, entry)
    better = growing.correction(planting, entry, note="sửa")
    assert shown(growing, better) == 1
    assert add(growing, entry, 2).added
    assert (shown(growing, entry), shown(growing, better)) == (2, 2)


def test_a_photograph_of_the_other_version_waits_with_it(
    growing: Growing, session: Session
) -> None:
    planting = growing.planting()
    entry = growing.entry(planting)
    growing.correction(planting, entry, note="máy A")
    other = growing.writing(planting, note="máy B", corrects=entry.uid)
    [outcome] = growing.sync(planting, other)
    home = session.get_one(Organisation, planting.organisation_id)
    added = [
        add_photo(
            session,
            organisation=home,
            entry=other.uid,
            photo=cleaned_picture(photograph()),
            pen=growing.pen,
        ).added  # type: ignore[arg-type]
        for _ in range(2)
    ]
    assert added == [True, False]
    assert outcome.conflict is not None
    settle_conflict(
        session, conflict=outcome.conflict, choice=ConflictState.TOOK_OTHER, pen=growing.pen
    )
    session.flush()
    [standing] = standing_entries(session, [planting.pk])
    assert shown(growing, standing) == 1


def test_an_entry_has_room_for_so_many(growing: Growing) -> None:
    entry = growing.entry(growing.planting())
    for seed in range(MOST_PHOTOS):
        add(growing, entry, seed * 3)
    with pytest.raises(Refused):
        add(growing, entry, 99)
    assert not add(growing, entry, 0).added


def found(growing: Growing, **more: object) -> dict[AnomalyKind, list[DiaryEntry]]:
    odd: dict[AnomalyKind, list[DiaryEntry]] = {}
    for one in anomalies(
        growing.session, within=Reach.all(), today=growing.given.day(0), limit=30, **more
    ):  # type: ignore[arg-type]
        odd.setdefault(one.kind, []).append(one.line.entry)
    return odd


def test_an_ordinary_diary_is_quiet(growing: Growing) -> None:
    growing.product("Thuốc A 10EC")
    planting = growing.planting()
    first, second = growing.entry(planting, day=-2), growing.entry(planting, day=-1)
    growing.entry(planting, Work.SPRAYING, uses="Thuốc A 10EC")
    add(growing, first, 1)
    add(growing, second, 40)
    assert found(growing) == {}


def test_planted_cases_are_found(growing: Growing) -> None:
    planting = growing.planting()
    late = growing.entry(planting, day=-20)
    night = growing.entry(planting, day=-1, written_at=growing.now - timedelta(hours=8))
    slow = growing.entry(
        planting,
        written_at=growing.now - timedelta(days=400),
        sent_at=growing.now - timedelta(days=400),
    )
    banned = growing.entry(planting, Work.SPRAYING, uses="captan 50 WP")
    first, second = growing.entry(planting, day=-3), growing.entry(planting, day=-2)
    for entry in (first, second):
        add(growing, entry, 5)
    assert found(growing) == {
        AnomalyKind.BANNED: [banned],
        AnomalyKind.SAME_PHOTO: [second],
        AnomalyKind.LATE: [late],
        AnomalyKind.NIGHT: [night],
        AnomalyKind.CLOCK: [slow],
    }
    assert found(growing, organisation_id=planting.organisation_id + 7) == {}


def test_a_correction_with_its_own_photographs_is_no_second_use(growing: Growing) -> None:
    planting = growing.planting()
    entry = growing.entry(planting)
    add(growing, entry, 5)
    growing.correction(planting, entry, note="sửa")
    assert found(growing) == {}


def test_a_banned_active_of_a_listed_product_is_found(growing: Growing) -> None:
    growing.product("Tên hiền 5EC", ("captan",))
    entry = growing.entry(growing.planting(), Work.SPRAYING, uses="Tên hiền 5EC")
    assert found(growing) == {AnomalyKind.BANNED: [entry]}
