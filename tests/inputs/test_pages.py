"""The catalogue of inputs at the province's desk."""

import re

from app.models.accounts import Role
from tests.conftest import Sign
from tests.diary.growing import photograph


def test_an_officer_keeps_the_catalogue(sign: Sign) -> None:
    officer = sign(Role.PROVINCE_ADMIN, None)
    made = officer.post(
        "/desk/inputs",
        data={
            "kind": "pesticide",
            "name": "Thuốc Mới 5EC",
            "actives": "abamectin + matrine",
            "once": "a",
        },
    )
    address = made.headers["location"].partition("?")[0]
    desk = address.replace("/work/", "/desk/")
    assert (
        officer.post(
            "/desk/inputs", data={"kind": "pesticide", "name": "thuoc moi 5ec", "once": "b"}
        ).status_code
        == 422
    )
    assert (
        officer.post(
            f"{desk}/uses",
            data={"what": "use", "crop_words": "rau", "interval_days": "10", "once": "c"},
        ).status_code
        == 303
    )
    assert (
        officer.post(
            f"{desk}/uses", data={"what": "use", "crop_words": "", "once": "d"}
        ).status_code
        == 422
    )
    listed = {
        "what": "permission",
        "status": "permitted",
        "valid_from": "10/02/2026",
        "legal_ref": "TT 75/2025",
        "confidence": "S",
        "once": "e",
    }
    assert officer.post(f"{desk}/permissions", data=listed).status_code == 303
    assert officer.post(f"{desk}/permissions", data={**listed, "once": "f"}).status_code == 422
    allowed = {
        "what": "except",
        "crop": "SU_SU",
        "valid_from": "10/02/2026",
        "reason": "Chưa có thuốc đăng ký.",
        "once": "g",
    }
    assert officer.post(f"{desk}/exceptions", data=allowed).status_code == 303
    assert (
        officer.post(
            f"{desk}/label",
            data={"once": "h"},
            files={"file": ("n.jpg", photograph(), "image/jpeg")},
        ).status_code
        == 303
    )
    assert officer.post(f"{desk}/label", data={"once": "i"}).status_code == 422
    renamed = {"what": "amend", "kind": "pesticide", "name": "Thuốc Mới 6EC", "once": "j"}
    assert officer.post(f"{desk}/amend", data=renamed).status_code == 303
    page = officer.get(address).text
    assert "Thuốc Mới 6EC" in page and "abamectin + matrine" in page and "wait 10 days" in page
    assert "10 days is longer than the 7 days" in page
    assert officer.get(f"{address}/label").headers["content-type"] == "image/jpeg"
    [ending] = re.findall(r'action="(/desk/input-exceptions/[^"]+/end)"', page)
    assert officer.post(ending, data={"once": "k"}).status_code == 303
    assert "taken back" in officer.get(address).text
