"""Marks of standards on the province's desk and over the API: sent, seen, refused beside the field."""

from io import BytesIO

from PIL import Image, ImageDraw
from sqlmodel import Session
from starlette.testclient import TestClient

from app.ledger.queries import history_of
from app.models.accounts import Role
from tests.conftest import BASE_URL
from tests.given import Given

FORM = {
    "standard": "ORGANIC_2017",
    "valid_from": "2026-11-01",
    "legal_ref": "NĐ 109/2018/NĐ-CP điều 12",
}


def drawn() -> bytes:
    image = Image.new("L", (120, 90), 255)
    ImageDraw.Draw(image).ellipse((5, 5, 115, 85), outline=0, width=9)
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def test_the_province_keeps_a_mark_by_page_and_by_api(
    client: TestClient, session: Session, given: Given
) -> None:
    client.headers.update(given.headers(Role.PROVINCE_ADMIN))
    client.headers["Origin"] = BASE_URL
    client.cookies.set("lang", "en")
    session.commit()
    assert "None yet" in client.get("/desk/marks").text
    file = {"file": ("dau.png", drawn(), "image/png")}
    wrong = client.post("/desk/marks", data={**FORM, "legal_ref": ""}, files=file)
    assert (wrong.status_code, 'value="2026-11-01"' in wrong.text) == (422, True)
    no_picture = client.post("/desk/marks", data=FORM, files={"file": ("a.png", b"x", "image/png")})
    assert "Send a photograph" in no_picture.text
    assert client.post("/desk/marks", data=FORM, files=file).status_code == 303

    (told,) = client.get("/api/v1/standard-marks").json()["items"]
    assert (told["standard"], told["valid_to"], told["replaced"]) == ("ORGANIC_2017", None, False)
    page = client.get("/desk/marks").text
    assert "in use" in page
    for address in (
        f"/desk/marks/{told['uid']}/picture",
        f"/api/v1/standard-marks/{told['uid']}/picture",
    ):
        answer = client.get(address)
        assert answer.headers["content-type"] == "image/png"
        with Image.open(BytesIO(answer.content)) as kept:
            assert (kept.mode, kept.size) == ("L", (120, 90))

    newer = client.post(
        "/api/v1/standard-marks",
        data={**FORM, "valid_from": "2026-11-02", "valid_to": "2026-11-03"},
        files=file,
        headers={"Idempotency-Key": "dau-moi"},
    )
    assert (newer.status_code, newer.json()["valid_to"]) == (201, "2026-11-03")
    assert [one["replaced"] for one in client.get("/api/v1/standard-marks").json()["items"]] == [
        False,
        True,
    ]
    session.rollback()
    facts = history_of(session, "ORGANIC_2017")
    assert [fact.kind for fact in facts] == ["standard.mark_added"] * 2

    client.headers.update(given.headers(Role.INSPECTOR))
    session.commit()
    assert "Keep the mark" not in client.get("/desk/marks").text
    assert client.post("/desk/marks", data=FORM, files=file).status_code == 403
