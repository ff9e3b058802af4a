"""The pages of certificates: record, correct, confirm, extend, change the scope, add papers, check."""

import re
from html import unescape

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.certificates.commands import Change, change_status
from app.certificates.confirming_commands import confirm_certificate, dispute_certificate
from app.certificates.queries import certificates_of, scope_of
from app.ledger.actors import Actor
from app.models.accounts import Role
from app.models.certificates import Certificate, CertificateStatus, Confirmation
from app.models.registry import Organisation, OrganisationKind, PlantingArea
from tests.given import PASSWORD, Given

SAME_SITE = {"sec-fetch-site": "same-origin"}
HOME = "/work/certificates"


@pytest.fixture
def home(given: Given) -> Organisation:
    return given.cooperative("HTX Bản Phố")


@pytest.fixture
def body(given: Given) -> Organisation:
    return given.organisation(OrganisationKind.CERTIFICATION_BODY, "Chứng nhận Tây Bắc")


@pytest.fixture
def area(given: Given, home: Organisation) -> PlantingArea:
    return given.area(home, name="Vùng Na Hối", area_m2=24_500)


@pytest.fixture
def sign_in(
    client: TestClient, given: Given, home: Organisation, body: Organisation, session: Session
):
    """Sign in as somebody of a role, reading a language."""
    homes = {Role.CERTIFIER: body, Role.COOP_ADMIN: home, Role.STAFF: home, Role.GROWER: home}

    def act(role: Role = Role.COOP_ADMIN, tag: str = "en") -> TestClient:
        given.account(role, homes.get(role), login="ai")
        session.commit()
        client.headers.update(SAME_SITE)
        client.cookies.set("lang", tag)
        answer = client.post("/sign-in", data={"login": "ai", "password": PASSWORD})
        assert answer.status_code == 303
        return client

    return act


def written(given: Given, area: PlantingArea, **other: object) -> dict[str, object]:
    """What a clerk copies from the paper."""
    return {
        "standard": "VIETGAP_2026",
        "number": "VietGAP-TT-26-09-15-0001",
        "body_name": "Chứng nhận Tây Bắc",
        "issued_on": f"{given.day(-30):%d/%m/%Y}",
        "valid_from": f"{given.day(-30):%d/%m/%Y}",
        "valid_to": f"{given.day(700):%d/%m/%Y}",
        "crops": ["BAP_CAI"],
        "areas": [str(area.uid)],
        "area_m2": "2,4",
        "area_unit": "ha",
        "expected_output_g": "120",
        "unit": "tan",
        "once": "mot-lan",
        **other,
    }


def version_of(page: str) -> str:
    return re.search(r'name="version" value="(\d+)"', page)[1]


def fresh(session: Session, certificate: Certificate) -> Certificate:
    session.rollback()
    session.expire_all()
    return session.get_one(Certificate, certificate.pk)


def test_a_certificate_is_recorded_once_with_its_paper_size_and_body(
    sign_in, area, body, given, session
):
    clerk = sign_in()
    files = {"file": ("giay.png", given.picture(), "image/png")}
    first = clerk.post(f"{HOME}/new", data=written(given, area), files=files)
    again = clerk.post(f"{HOME}/new", data=written(given, area), files=files)
    assert first.status_code == again.status_code == 303
    assert first.headers["location"] == again.headers["location"]
    page = clerk.get(first.headers["location"]).text
    assert "giay.png" in page
    assert "2.4 ha" in page
    assert "120 t" in page
    assert "Declared by the cooperative" in page
    (facts,) = certificates_of(session, area.organisation_id)
    assert session.get_one(Certificate, facts.id).body_id == body.pk


def test_what_was_typed_stays_and_each_fault_stands_beside_its_field(sign_in, area, given):
    clerk = sign_in()
    wrong = written(
        given, area, number="", valid_to="31/02/2027", area_m2="nhiều", member_codes="KHONG-CO"
    )
    answer = clerk.post(f"{HOME}/new", data=wrong)
    assert answer.status_code == 422
    for field in ("number", "valid_to", "area_m2", "member_codes"):
        assert f'id="why-{field}"' in answer.text, field
    assert 'value="nhiều"' in answer.text
    assert "KHONG-CO" in answer.text
    assert re.search(rf'value="{area.uid}" checked', answer.text)


def test_members_beyond_the_ticks_are_named_by_code(sign_in, area, home, given, session):
    may = given.grower(home)
    clerk = sign_in()
    answer = clerk.post(f"{HOME}/new", data=written(given, area, member_codes=f" {may.code} "))
    assert answer.status_code == 303
    (facts,) = certificates_of(session, home.pk)
    assert facts.members == {may.pk}


def test_a_certifier_finds_the_holder_and_sees_names_and_codes_only(sign_in, area, home, given):
    may = given.grower(home, "Lý Thị Mẩy", phone="0912345678")
    certifier = sign_in(Role.CERTIFIER)
    found = certifier.get(f"{HOME}/new", params={"q": "ban pho"}).text
    assert "HTX Bản Phố" in found
    form = certifier.get(f"{HOME}/new", params={"holder": str(home.uid)}).text
    assert may.code in form
    assert "Lý Thị Mẩy" in form
    assert "0912345678" not in form
    answer = certifier.post(f"{HOME}/new?holder={home.uid}", data=written(given, area))
    assert answer.status_code == 303
    assert "Confirmed by the certification body" in certifier.get(answer.headers["location"]).text


def test_an_inspector_shows_a_paper_or_says_what_was_seen(sign_in, area, home, given):
    inspector = sign_in(Role.INSPECTOR)
    address = f"{HOME}/new?holder={home.uid}"
    refused = inspector.post(address, data=written(given, area))
    assert refused.status_code == 422
    assert 'id="why-evidence"' in refused.text
    files = {"file": ("ban-goc.png", given.picture(), "image/png")}
    assert inspector.post(address, data=written(given, area), files=files).status_code == 303


def test_the_holder_corrects_a_declared_certificate_from_a_filled_form(
    sign_in, area, given, session
):
    certificate = given.certificate(area, area_m2=24_000, expected_output_g=120_500_000)
    clerk, address = sign_in(), f"{HOME}/{certificate.uid}"
    page = clerk.get(f"{address}/edit").text
    assert f'value="{certificate.number}"' in page
    assert 'value="120500"' in page
    typed = written(given, area, number="VietGAP-TT-26-09-15-0777", version=version_of(page))
    answer = clerk.post(f"{address}/edit", data=typed)
    assert answer.headers["location"] == f"{address}?done=amended"
    assert fresh(session, certificate).number == "VietGAP-TT-26-09-15-0777"
    session.rollback()  # the pages write too, one at a time
    stale = clerk.post(f"{address}/edit", data=typed)
    assert stale.status_code == 422


def test_a_confirmed_certificate_is_not_offered_for_correction(sign_in, area, given):
    certificate = given.certificate(area, by=given.caller(Role.INSPECTOR))
    clerk = sign_in()
    assert f"{certificate.uid}/edit" not in clerk.get(f"{HOME}/{certificate.uid}").text
    assert clerk.get(f"{HOME}/{certificate.uid}/edit").status_code == 303


def test_the_body_confirms_or_disputes_what_was_declared_in_its_name(
    sign_in, area, body, given, session
):
    certificate = given.certificate(area, body=body.uid)
    certifier = sign_in(Role.CERTIFIER)
    address = f"{HOME}/{certificate.uid}"
    form = {"version": version_of(certifier.get(address).text), "words": "không phải của chúng tôi"}
    assert certifier.post(f"{address}/dispute", data=form).status_code == 303
    page = certifier.get(address).text
    assert "This certificate is disputed" in page
    form = {"version": version_of(page), "words": ""}
    assert certifier.post(f"{address}/confirm", data=form).status_code == 303
    found = fresh(session, certificate)
    assert (found.confirmation, found.disputed) == (Confirmation.BODY, False)


def test_a_refusal_opens_the_form_that_was_sent_and_keeps_its_words(sign_in, area, given):
    certificate = given.certificate(area)
    inspector = sign_in(Role.INSPECTOR)
    address = f"{HOME}/{certificate.uid}"
    form = {
        "version": version_of(inspector.get(address).text),
        "valid_to": f"{given.day(-5):%d/%m/%Y}",
        "reason": "Gia hạn theo đơn",
    }
    answer = inspector.post(f"{address}/extend", data=form)
    assert answer.status_code == 422
    assert "Gia hạn theo đơn" in answer.text
    assert 'id="why-valid_to"' in answer.text
    form["valid_to"] = f"{given.day(330):%d/%m/%Y}"
    assert inspector.post(f"{address}/extend", data=form).status_code == 303
    page = inspector.get(address).text
    assert "Extended" in page
    assert "No rule is known by which such a certificate can be extended." in page


def test_a_member_joins_on_the_scope_page(sign_in, area, home, given, session):
    may, din = given.grower(home, "Lý Thị Mẩy"), given.grower(home, "Tẩn A Dìn")
    certificate = given.certificate(area, members=(may.uid,))
    inspector = sign_in(Role.INSPECTOR)
    address = f"{HOME}/{certificate.uid}/scope"
    page = inspector.get(address).text
    assert "Tẩn A Dìn" in page
    form = {
        "version": version_of(page),
        "effective_on": f"{given.day(-9):%d/%m/%Y}",
        "reason": "Đánh giá giám sát.",
        "members_join": [str(din.uid)],
    }
    assert inspector.post(address, data={**form, "reason": ""}).status_code == 422
    assert inspector.post(address, data=form).status_code == 303
    scope = scope_of(session, fresh(session, certificate))
    assert [scope.lists_on("members", din, given.day(days)) for days in (-10, -9)] == [False, True]


def test_a_paper_is_added_opened_and_taken_away(sign_in, area, given):
    certificate = given.certificate(area)
    clerk = sign_in()
    address = f"{HOME}/{certificate.uid}/papers"
    assert clerk.post(address, data={"once": "a"}).status_code == 422
    sent = {"file": ("giấy.png", given.picture(), "image/png")}
    assert clerk.post(address, data={"once": "b"}, files=sent).status_code == 303
    page = clerk.get(f"{HOME}/{certificate.uid}").text
    paper = re.search(r'href="(/work/certificate-papers/[^"]+)"', page)[1]
    opened = clerk.get(paper)
    assert opened.headers["content-type"] == "image/png"
    assert opened.headers["content-disposition"].startswith("attachment")
    assert clerk.post(f"{paper}/remove").status_code == 303
    assert clerk.get(paper).status_code == 404


def test_a_paper_on_which_a_confirmation_rests_stays(sign_in, area, given, session):
    certificate = given.certificate(area)
    paper = given.certificate_paper(certificate)
    given.certificate(area, number="VG-other")
    confirm_certificate(
        session, certificate=certificate, words="", caller=given.caller(Role.INSPECTOR),
        now=given.now,
    )  # fmt: skip
    clerk = sign_in()
    answer = clerk.post(f"/work/certificate-papers/{paper.uid}/remove")
    assert answer.status_code == 422
    assert "A confirmation rests on this paper; it stays." in answer.text


def test_a_clerk_without_rights_reads_papers_and_a_grower_does_not(sign_in, area, given):
    certificate = given.certificate(area)
    given.certificate_paper(certificate)
    assert "chung-nhan.png" not in sign_in(Role.GROWER).get(f"{HOME}/{certificate.uid}").text


def test_the_list_is_narrowed_and_shows_what_ends_next(sign_in, area, given):
    soon = given.certificate(area, number="VG-SOON", valid_to=given.day(20))
    late = given.certificate(area, number="VG-LATE")
    clerk = sign_in()
    page = clerk.get(HOME).text
    assert page.index("VG-SOON") < page.index("in 20 days")
    ending = clerk.get(HOME, params={"standing": "ending"}).text
    assert soon.number in ending
    assert late.number not in ending
    assert late.number not in clerk.get(HOME, params={"kind": "organic"}).text
    assert late.number in clerk.get(HOME, params={"standing": "gì đó", "kind": "?"}).text


def test_a_certifier_who_searches_recognises_what_named_it_only_in_writing(
    sign_in, area, given, body
):
    unlinked = given.certificate(area, number="VG-NOWHERE", body_name="TT Tây Bắc")
    certifier = sign_in(Role.CERTIFIER)
    assert "VG-NOWHERE" not in certifier.get(HOME).text
    assert "VG-NOWHERE" in certifier.get(HOME, params={"q": "nowhere"}).text
    page = certifier.get(f"{HOME}/{unlinked.uid}").text
    assert "we gave this certificate" in page
    assert f"{unlinked.uid}/dispute" not in page


def test_a_body_without_registration_is_marked_by_the_province(sign_in, area, body, given):
    officer = sign_in(Role.PROVINCE_ADMIN)
    address = f"/desk/bodies/{body.uid}"
    form = {"number": "12/CN", "valid_from": "01/01/2020", "valid_to": "31/12/2019"}
    assert officer.post(address, data=form).status_code == 422
    form["valid_to"] = ""
    assert officer.post(address, data=form).status_code == 303
    assert "12/CN" in officer.get("/desk/bodies").text


# The public check


def check(client: TestClient, number: str, tag: str = "en") -> tuple[int, str]:
    client.cookies.set("lang", tag)
    answer = client.get(f"/certificates/{number}")
    return answer.status_code, unescape(answer.text)


def api_state(client: TestClient, number: str) -> str:
    return client.get(f"/api/v1/public/certificates/{number}").json()["state"]


def test_every_state_of_a_number_is_told_apart(client, area, given, session):
    """Unknown, valid, not valid yet, suspended, withdrawn, replaced, expired, disputed."""

    def stepped(number: str, status: CertificateStatus) -> None:
        change_status(
            session,
            certificate=given.certificate(area, number=number),
            change=Change(status, given.day(-1), "Kết quả giám sát"),
            by=Actor.system(),
            now=given.now,
        )

    given.certificate(area, number="VALID")
    given.certificate(area, number="PENDING", valid_from=given.day(9))
    given.certificate(area, number="EXPIRED", valid_to=given.day(-1))
    stepped("SUSPENDED", CertificateStatus.SUSPENDED)
    stepped("WITHDRAWN", CertificateStatus.WITHDRAWN)
    former = given.certificate(area, number="REPLACED")
    given.certificate(area, number="NEW", valid_from=given.day(-2), predecessor=former.uid)
    dispute_certificate(
        session, certificate=given.certificate(area, number="DISPUTED"), words="Không phải.",
        caller=given.caller(Role.INSPECTOR), now=given.now,
    )  # fmt: skip
    session.commit()
    states = ("valid", "pending", "expired", "suspended", "withdrawn", "replaced", "disputed")
    assert {word: api_state(client, word.upper()) for word in states} == {
        word: word for word in states
    }
    assert api_state(client, "NOBODY") == "unknown"
    assert "Valid today" in check(client, "VALID")[1]
    assert "Suspended since" in check(client, "SUSPENDED")[1]
    assert 'href="/certificates/NEW"' in check(client, "REPLACED")[1]
    status, page = check(client, "NOBODY")
    assert status == 404
    assert "No certificate with this number is recorded here." in page


def test_a_number_with_a_slash_and_in_other_letters_is_found(client, area, given, session):
    given.certificate(area, number="TBC/VG-12/2026")
    session.commit()
    for typed in ("TBC/VG-12/2026", "tbc vg 12 2026", "TBC-VG-12-2026"):
        assert check(client, typed)[0] == 200, typed
        assert api_state(client, typed) == "valid", typed
    leads = client.get("/certificates", params={"number": " TBC/VG-12/2026 "})
    assert leads.headers["location"] == "/certificates/TBC/VG-12/2026"


def test_a_ggn_is_found_with_its_spaces(client, area, given, session):
    given.certificate(
        area, standard="GLOBALGAP_IFA_6", number="4049928415684", valid_to=given.day(30)
    )
    session.commit()
    assert api_state(client, "404 9928 415684") == "valid"


def test_scope_and_holder_are_named_and_nobody_in_person(client, area, home, given, session):
    may = given.grower(home, "Lý Thị Mẩy", phone="0912345678")
    given.certificate(area, number="VG-1", members=(may.uid,))
    session.commit()
    _, page = check(client, "VG-1")
    told = client.get("/api/v1/public/certificates/VG-1").text
    for text in (page, told):
        assert "HTX Bản Phố" in text
        assert "Vùng Na Hối" in text
        for personal in ("Mẩy", may.code, "0912345678"):
            assert personal not in text
    assert "1 member is on its list" in page


def test_a_household_that_is_not_public_is_not_named(client, given, session):
    household = given.organisation(OrganisationKind.HOUSEHOLD, "Hộ Giàng A Páo")
    household.name_public = False
    area = given.area(household, name="Nương nhà Páo")
    given.certificate(area, number="VG-H", by=given.caller(Role.INSPECTOR))
    session.commit()
    _, page = check(client, "VG-H")
    told = client.get("/api/v1/public/certificates/VG-H").text
    assert "Growing household" in page
    for text in (page, told):
        assert "Páo" not in text


def test_of_several_records_of_a_number_the_one_that_stands_is_first(client, area, given, session):
    body = given.caller(Role.CERTIFIER)
    given.certificate(given.area(), number="VG-D")
    given.certificate(area, number="VG-D", by=body)
    session.commit()
    told = client.get("/api/v1/public/certificates/VG-D").json()
    assert [one["state"] for one in told["certificates"]] == ["valid", "disputed"]
    assert told["state"] == "valid"


@pytest.mark.parametrize("typed", ["%00", "x" * 300, "%ED%A0%80", "..%2F..", "<b>", "%E2%80%AE"])
def test_nonsense_is_an_unknown_number_and_never_an_error(client, typed):
    answer = client.get(f"/certificates/{typed}")
    assert answer.status_code in {200, 303, 404}
    assert "<b>" not in answer.text.split("</h1>")[-1].split("</div>")[0]
    machine = client.get(f"/api/v1/public/certificates/{typed}")
    assert machine.status_code in {200, 404, 422}


def test_the_check_may_be_kept_for_half_a_minute_by_a_cache(client, area, given, session):
    given.certificate(area, number="VG-1")
    session.commit()
    assert "s-maxage=30" in client.get("/certificates/VG-1").headers["cache-control"]
