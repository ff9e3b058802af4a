"""A telephone's position becomes a province in the telephone: nothing finer leaves it."""

from playwright.sync_api import Browser, Request
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from app.db import open_read_session
from app.models.places import AdminUnit
from app.models.scans import ScanPlace
from tests.given import Given

HERE = {"latitude": 21.0278123, "longitude": 105.8341456}  # Hà Nội


def test_the_province_is_found_on_the_telephone_and_only_it_is_sent(
    browser: Browser, address: str, engine: Engine, session: Session, given: Given
) -> None:
    lot = given.lot()
    session.commit()
    session.close()
    context = browser.new_context(locale="vi-VN", geolocation=HERE, permissions=["geolocation"])
    page = context.new_page()
    sent: list[Request] = []
    page.on("request", lambda one: sent.append(one))  # noqa: PLW0108  # the driver marks what it is given
    page.goto(f"{address}/t/{lot.code}/-/place")
    before = len(sent)
    page.click("form[data-place] button[type=button]")
    page.wait_for_function("document.querySelector('#province').value !== ''")
    assert page.input_value("#province") == "01"
    # Looking asks nobody; the browser may still fetch the page's own icon.
    assert [one.url for one in sent[before:] if "/static/" not in one.url] == []
    page.click("form[data-place] button:not([type=button])")
    page.wait_for_url("**/place?done=place_counted")
    told = " ".join(f"{one.url} {one.post_data or ''}" for one in sent)
    assert "province=01" in told
    assert "21.0" not in told and "105.8" not in told
    context.close()
    wanted = select(col(AdminUnit.code)).join(
        ScanPlace, col(ScanPlace.unit_id) == col(AdminUnit.id)
    )
    with open_read_session(engine) as reading:
        assert list(reading.execute(wanted).scalars()) == ["01"]
