"""The diary's pages: three taps, the grid, photographs, corrections, conflicts, plantings."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, col
from starlette.testclient import TestClient

from app.models.diary import DiaryEntry, Planting, Work
from app.models.registry import Organisation
from tests.diary.growing import Growing, photograph


def count(session: Session) -> int:
    session.rollback()
    found = int(session.execute(select(func.count()).select_from(DiaryEntry)).scalar_one())
    session.rollback()
    return found


def newest(session: Session) -> DiaryEntry:
    session.rollback()
    wanted = select(DiaryEntry).order_by(col(DiaryEntry.id).desc()).limit(1)
    found: DiaryEntry = session.execute(wanted).scalars().one()
    session.expunge(found)
    session.rollback()
    return found


def form(planting: Planting, /, **more: Any) -> dict[str, Any]:
    return {
        "planting": str(planting.uid),
        "work": "watering",
        "done_on": "19/11/2026",
        "once": "mot-lan",
        **more,
    }


def test_an_entry_is_written_once_however_often_the_button_is_pressed(
    clerk: TestClient, planting: Planting, session: Session
) -> None:
    first = clerk.post("/work/diary/new", data=form(planting))
    again = clerk.post("/work/diary/new", data=form(planting))
    assert (
        first.headers["location"] == again.headers["location"] == "/work/diary?done=entry_written"
    )
    assert count(session) == 1
    assert "Written down." in clerk.get(first.headers["location"]).text


def test_three_taps_from_the_last_entry_to_the_next(
    clerk: TestClient, planting: Planting, session: Session
) -> None:
    sprayed = {
        "work": "spraying",
        "input-1": "Thuốc A",
        "amount-1": "12,5",
        "unit-1": "ml",
        "wait-1": "7",
        "water": "16",
        "pest": "sâu tơ",
    }
    clerk.post("/work/diary/new", data=form(planting, **sprayed))
    page = clerk.get("/work/diary").text
    [repeat] = re.findall(r'class="again" href="([^"]+)"', page)
    opened = clerk.get(repeat).text
    fields = dict(re.findall(r'name="([\w-]+)"[^>]*value="([^"]*)"', opened)) | {"work": "spraying"}
    chosen = re.findall(r'value="([^"]+)" selected', opened)
    assert str(planting.uid) in chosen
    saved = clerk.post("/work/diary/new", data={**fields, "planting": str(planting.uid)})
    assert saved.status_code == 303
    entry = newest(session)
    assert (str(entry.done_on), entry.work, entry.pest) == ("2026-11-20", Work.SPRAYING, "sâu tơ")
    assert count(session) == 2


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    clerk: TestClient, planting: Planting, session: Session
) -> None:
    answer = clerk.post(
        "/work/diary/new",
        data=form(planting, done_on="01/12/2026", note="giữ <b> lại", **{"input-1": "Thuốc A"}),
    )
    assert answer.status_code == 422
    assert 'id="why-done_on"' in answer.text
    assert "giữ &lt;b&gt; lại" in answer.text
    assert 'value="Thuốc A"' in answer.text
    assert count(session) == 0


@pytest.mark.parametrize(
    "broken",
    [
        {"planting": "x"},
        {"planting": ""},
        {"work": "dancing"},
        {"work": ""},
        {"done_on": "31/11/2026"},
        {"done_on": ""},
        {"area_m2": "nhiều"},
        {"quantity_g": "1e400", "work": "harvest"},
        {"amount-1": "NaN", "input-1": "A"},
        {"wait-1": "bảy", "input-1": "A"},
        {"water": "x", "input-1": "A"},
        {"grower": "x"},
        {"plots": "x"},
        {"note": "\x07"},
        {"work": "spraying"},
    ],
)
def test_whatever_is_typed_is_answered_kindly(
    clerk: TestClient, planting: Planting, session: Session, broken: dict[str, str]
) -> None:
    answer = clerk.post("/work/diary/new", data=form(planting, **broken))
    assert answer.status_code == 422
    assert "Not saved yet" in answer.text
    assert count(session) == 0


def test_what_is_odd_is_written_and_shown(
    clerk: TestClient, planting: Planting, session: Session
) -> None:
    answer = clerk.post(
        "/work/diary/new", data=form(planting, work="spraying", **{"input-1": "Furadan 3G"})
    )
    shown = clerk.get(answer.headers["location"]).text
    assert "Carbofuran is banned" in shown
    assert "Worth a second look" in shown
    assert "A banned input is in the diary" in clerk.get("/work/notices").text
    assert count(session) == 1


def test_photographs_come_with_an_entry_and_later(
    clerk: TestClient, planting: Planting, session: Session
) -> None:
    files = [("photos", (f"{n}.jpg", photograph(n * 9), "image/jpeg")) for n in range(2)]
    clerk.post("/work/diary/new", data=form(planting), files=files)
    entry = newest(session)
    page = clerk.get(f"/work/diary/entries/{entry.uid}").text
    pictures = set(re.findall(r'src="(/work/pictures/[^"]+)"', page))
    assert len(pictures) == 2
    shown = clerk.get(pictures.pop())
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    more = clerk.post(
        f"/work/diary/entries/{entry.uid}/photos",
        data={"once": "a"},
        files=[("photos", ("x.jpg", b"no", "image/jpeg"))],
    )
    assert more.status_code == 422
    assert 'id="why-file"' in more.text


def test_a_correction_shows_what_changed(
    clerk: TestClient, planting: Planting, session: Session
) -> None:
    clerk.post(
        "/work/diary/new", data=form(planting, work="harvest", quantity_g="100", quantity_unit="kg")
    )
    entry = newest(session)
    opened = clerk.get(f"/work/diary/entries/{entry.uid}/correct").text
    assert 'value="100"' in opened
    better = form(planting, work="harvest", quantity_g="1.250", quantity_unit="kg", once="hai")
    made = clerk.post(f"/work/diary/entries/{entry.uid}/correct", data=better)
    page = clerk.get(made.headers["location"]).text
    assert "100 kg" in page and "1,250 kg" in page and "<del>" in page
    assert "This entry was corrected" in clerk.get(f"/work/diary/entries/{entry.uid}").text
    lost = clerk.post(f"/work/diary/entries/{entry.uid}/correct", data={**better, "once": "ba"})
    assert lost.status_code == 422
    assert "before you" in lost.text


def test_a_mistake_is_crossed_out(clerk: TestClient, planting: Planting, session: Session) -> None:
    clerk.post("/work/diary/new", data=form(planting))
    entry = newest(session)
    address = f"/work/diary/entries/{entry.uid}/void"
    assert clerk.post(address, data={"reason": "", "once": "a"}).status_code == 422
    gone = clerk.post(address, data={"reason": "Ghi nhầm", "once": "b"})
    assert "Never happened" in clerk.get(gone.headers["location"]).text
    assert "Watering" in clerk.get(f"/work/diary?planting={planting.uid}").text


def test_fifty_households_in_one_go_with_a_result_a_row(
    clerk: TestClient, planting: Planting, growing: Growing, session: Session
) -> None:
    area = growing.given.area(session.get_one(Organisation, planting.organisation_id))
    plots = [growing.plot(area, area_m2=300) for _ in range(50)]
    growing.planting(area, plots=tuple(plot.uid for plot in plots))
    session.commit()
    page = clerk.get("/work/diary/grid").text
    listed = re.findall(r'name="(planting|plot|uid)-(\d+)" value="([^"]*)"', page)
    hidden = {f"{name}-{number}": value for name, number, value in listed}
    assert len([name for name in hidden if name.startswith("plot-")]) == 51
    ticks = {f"on-{number}": "yes" for number in range(51)}
    sent = {
        **hidden,
        **ticks,
        "work": "harvest",
        "done_on": "20/11/2026",
        "quantity-3": "99.999.999",
        "quantity-4": "30",
    }
    answer = clerk.post("/work/diary/grid", data=sent)
    assert answer.status_code == 200
    assert "50 rows are written." in answer.text
    assert "cannot come from" in answer.text
    assert count(session) == 50
    again = clerk.post("/work/diary/grid", data={**sent, "quantity-3": "25"})
    assert again.headers["location"] == "/work/diary?done=grid_written"
    assert count(session) == 51


def test_yesterday_is_cloned(
    clerk: TestClient, planting: Planting, growing: Growing, session: Session
) -> None:
    growing.entry(planting, Work.FERTILISING, day=-1, uses="NPK 16-16-8")
    session.commit()
    page = clerk.get("/work/diary/grid").text
    assert "Fertilising: NPK 16-16-8" in page
    [like] = re.findall(r'href="(/work/diary/grid\?like=[^"]+)"', page)
    cloned = clerk.get(like).text
    assert 'value="NPK 16-16-8"' in cloned
    assert re.search(r'name="on-0" value="yes" checked', cloned)
    assert 'value="2026-11-20"' in cloned


def test_a_grid_without_a_day_is_refused_with_what_was_typed(clerk: TestClient) -> None:
    answer = clerk.post(
        "/work/diary/grid", data={"work": "watering", "done_on": "", "note-0": "giữ", "on-0": "yes"}
    )
    assert answer.status_code == 422
    assert 'value="giữ"' in answer.text


def test_two_versions_are_shown_and_settled(
    clerk: TestClient, planting: Planting, growing: Growing, session: Session
) -> None:
    conflict = growing.conflict(planting)
    uid = conflict.uid
    session.commit()
    assert "1 entry has two versions" in clerk.get("/work/diary").text
    page = clerk.get("/work/diary/conflicts").text
    assert "lần một" in page and "lần hai" in page and 'class="differs"' in page
    address = f"/work/diary/conflicts/{uid}"
    assert clerk.post(address, data={"version": "9", "choice": "both"}).status_code == 422
    assert clerk.post(address, data={"version": "1", "choice": "open"}).status_code == 422
    assert clerk.post(address, data={"version": "1", "choice": "took_other"}).status_code == 303
    assert "Took the other" in clerk.get("/work/diary/conflicts?settled=true").text


def test_a_planting_is_started_from_a_season_with_advice(
    clerk: TestClient, planting: Planting, growing: Growing, session: Session
) -> None:
    area = growing.line(planting).area
    season = growing.given.season(area, starts=-20)
    season_uid, area_uid = season.uid, area.uid
    session.commit()
    assert (
        f"/work/diary/plantings/new?season={season_uid}"
        in clerk.get(f"/work/seasons/{season_uid}").text
    )
    opened = clerk.get(f"/work/diary/plantings/new?season={season_uid}").text
    assert f'name="season" value="{season_uid}"' in opened
    sent = {
        "planting_area": str(area_uid),
        "crop": "BAP_CAI",
        "sown_on": "31/10/2026",
        "season": str(season_uid),
        "once": "a",
    }
    made = clerk.post("/work/diary/plantings/new", data=sent)
    page = clerk.get(made.headers["location"]).text
    assert "stood on this land already" in page
    address = made.headers["location"].partition("?")[0]
    wrong = clerk.post(
        f"{address}/end", data={"version": "1", "what": "end", "ended_on": "01/10/2026"}
    )
    assert wrong.status_code == 422 and 'id="why-ended_on"' in wrong.text
    amended = {**sent, "version": "1", "variety": "KK Cross"}
    assert clerk.post(f"{address}/amend", data=amended).status_code == 303
    assert clerk.post(f"{address}/amend", data=amended).status_code == 422
    assert (
        clerk.post(
            f"{address}/end", data={"version": "2", "what": "end", "ended_on": "20/11/2026"}
        ).status_code
        == 303
    )
    assert "Ended" in clerk.get(address).text


def test_no_harvest_is_advised_while_an_interval_runs(
    clerk: TestClient, planting: Planting, growing: Growing, session: Session
) -> None:
    growing.product("Thuốc A 10EC", interval=7)
    growing.entry(planting, Work.SPRAYING, day=-2, uses="Thuốc A 10EC")
    session.commit()
    assert "No harvest before 25/11/2026" in clerk.get(f"/work/diary/plantings/{planting.uid}").text
