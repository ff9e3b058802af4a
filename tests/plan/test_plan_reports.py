"""The report on the plan: frozen where the ledger stood, approved knowingly, sent once; the same in three files."""

import io
import re
from hashlib import sha256
from uuid import UUID

import docx
import pypdfium2
import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import Session

from app.jobs.running import Runner
from app.kit.quantities import SquareMetres
from app.main import handlers_for
from app.models.accounts import Role
from app.models.plan_reports import PlanReport, ReportFormat
from app.plan.frozen import digest_of, read
from app.plan.report_queries import file_of, report_by_uid
from app.settings import Settings
from app.transparency.queries import ledger_size
from app.transparency.tiles import StoredTree
from tests.databases import BASE_URL
from tests.given import Given

HOME = "/desk/plan/reports"
API = "/api/v1/plan/reports"


@pytest.fixture
def work(engine, clock, tmp_path):
    settings = Settings(data_dir=tmp_path, database_url="sqlite://", base_url=BASE_URL)
    runner = Runner(engine, handlers_for(settings), clock)

    def run():
        while runner.run_one():
            pass

    return run


def grown(given: Given):
    """An area with a code, a season, a certificate, two lots and a complaint."""
    area = given.area(area_m2=20_000)
    given.code(area, decided_on=given.day(-200))
    given.certificate(area, valid_to=given.day(100))
    given.season(area, sown=SquareMetres(20_000), harvest_from=-9)
    lot = given.lot(area, kilograms=4_000)
    given.lot(area, kilograms=1_500)
    given.report(lot)
    return area


def started(client, officer, **period):
    sent = {"year": 2026, **period}
    made = client.post(API, json=sent, headers={**officer, "Idempotency-Key": str(sent)})
    assert made.status_code == 201, made.text
    return made.json()["id"]


def row_of(session: Session, uid: str) -> PlanReport:
    session.rollback()
    found = report_by_uid(session, UUID(uid))
    session.commit()
    return found


def test_a_report_is_frozen_where_the_ledger_stood_and_goes_out_once(
    session: Session, given: Given, client, work
):
    area = grown(given)
    officer = given.headers(Role.PROVINCE_ADMIN)
    session.commit()
    here = f"{API}/{(uid := started(client, officer))}"
    again = client.post(API, json={"year": 2026}, headers={**officer, "Idempotency-Key": "b"})
    assert again.status_code == 409  # one report of a period is worked on at a time
    first = {**officer, "If-Match": client.get(here, headers=officer).headers["etag"]}
    assert client.post(f"{here}/approve", json={}, headers=first).status_code == 409
    size = ledger_size(session)
    session.rollback()  # on SQLite whoever may write keeps the others out
    work()

    told = client.get(here, headers=officer).json()
    assert told["job"]["state"] == "done" and told["log_size"] == size
    row = row_of(session, uid)
    assert row.log_root == StoredTree(session).root(size).hex()
    assert row.figures_sha256 == digest_of(row.figures)
    figures = read(row.figures)
    assert figures.total.output_g.value == 5_500_000
    assert figures.total.land_m2.value == figures.total.sown_m2.value == 20_000
    assert [one.name for one in figures.districts if one.output_g.value] == ["Huyện Bắc Hà"]
    assert sum(one.output_g.value or 0 for one in figures.districts) == 5_500_000
    assert figures.target("084").output_kg == 5_500_000  # as the plan states it, errors too
    assert (figures.registers.codes.total, figures.registers.expiring.total) == (1, 1)
    assert figures.registers.complaints.total == 1

    # Something is recorded: the copy is approved knowingly, or not at all.
    given.lot(area, kilograms=10)
    session.commit()
    changes = client.get(f"{here}/changes", headers=officer).json()
    assert changes["kinds"] == [{"kind": "lot.recorded", "count": 1}]
    version = {**officer, "If-Match": client.get(here, headers=officer).headers["etag"]}
    assert client.post(f"{here}/approve", json={}, headers=version).status_code == 409
    early = {"knowing": changes["log_size"]}
    assert client.post(f"{here}/approve", json=early, headers=version).status_code == 409
    files = {one["format"]: one["sha256"] for one in told["files"]}
    knowing = {"knowing": changes["now"]}
    done = client.post(f"{here}/approve", json=knowing, headers=version)
    assert done.status_code == 200, done.text
    assert {one["format"]: one["sha256"] for one in done.json()["files"]} == files
    stale = client.post(f"{here}/take-anew", headers=version)
    assert stale.status_code == 412
    version["If-Match"] = done.headers["etag"]
    assert client.post(f"{here}/take-anew", headers=version).status_code == 409

    sending = {"number": "412/BC-CCTTBVTV", "sent_on": "2026-11-20"}
    late = client.post(f"{here}/send", json={**sending, "sent_on": "2026-11-21"}, headers=version)
    assert late.status_code == 422
    sent = client.post(f"{here}/send", json=sending, headers=version)
    assert sent.status_code == 200 and sent.json()["state"] == "sent"
    version["If-Match"] = sent.headers["etag"]
    for step in ("take-anew", "send", "withdraw-approval"):
        body = {"send": sending, "withdraw-approval": {"reason": "Nhầm số."}}.get(step)
        assert client.post(f"{here}/{step}", json=body, headers=version).status_code == 409
    assert client.patch(here, json={"assessment": "x"}, headers=version).status_code == 409
    content = client.get(f"{here}/files/pdf", headers=officer).content
    assert sha256(content).hexdigest() == files["pdf"]

    # What was wrong in it is put right by another one, which names it.
    other = client.post(API, json={"year": 2026}, headers={**officer, "Idempotency-Key": "c"})
    assert other.json()["corrects"] == uid
    work()
    row = row_of(session, other.json()["id"])
    assert read(row.figures).total.output_g.value == 5_510_000
    assert "đính chính và thay thế Báo cáo số 412/BC-CCTTBVTV" in words_of(
        content_of(session, row, ReportFormat.DOCX)
    )
    assert client.get(here, headers=officer).json()["corrected_by"] == other.json()["id"]


def content_of(session: Session, row: PlanReport, kind: ReportFormat) -> bytes:
    content = file_of(session, row, kind).content
    session.commit()
    return content


def words_of(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_the_three_files_say_the_same(session: Session, given: Given, client, work):
    grown(given)
    officer = given.headers(Role.PROVINCE_ADMIN)
    session.commit()
    uid = started(client, officer)
    work()
    here = f"{API}/{uid}"
    version = {**officer, "If-Match": client.get(here, headers=officer).headers["etag"]}
    said = {"assessment": "Sản xuất tiếp tục mở rộng.", "symbol": "BC-THỬ", "signer": "Lý Văn A"}
    assert client.patch(here, json=said, headers=version).status_code == 200
    before = row_of(session, uid).figures
    work()
    row = row_of(session, uid)
    assert row.figures == before
    text = words_of(content_of(session, row, ReportFormat.DOCX))
    pdf = pypdfium2.PdfDocument(content_of(session, row, ReportFormat.PDF))
    printed = " ".join(page.get_textpage().get_text_range() for page in pdf)
    printed = re.sub(r"\s+", " ", printed)
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "/BC-THỬ",
        "Sản xuất tiếp tục mở rộng.",
        "Nơi nhận:",
        "Lý Văn A",
        row.log_root,
        "Si Ma Cai",
    ):
        assert words in text, words
        assert words.replace(row.log_root, row.log_root[:16]) in printed, words
    book = CalamineWorkbook.from_filelike(io.BytesIO(content_of(session, row, ReportFormat.XLSX)))
    lines = book.get_sheet_by_name("Phụ lục I").to_python(skip_empty_area=False)
    total = next(line for line in lines if line[1] == "Tổng")
    # Planned: the annex's outputs add up, the yield is worked out and is not the stated 296.
    assert total[2:4] == [2400, 71200] and round(total[5], 2) == 296.67
    assert total[6:9] == [2, 2, 5.5] and total[10] == 27.5
    assert book.get_sheet_by_name("Mã số").to_python()[-1][0] == "1"


def test_a_period_without_data_makes_an_honest_report(session, given, client, work):
    officer = given.headers(Role.PROVINCE_ADMIN)
    session.commit()
    for wrong in ({"quarter": 5}, {"year": 2019}, {"year": 2027}):
        sent = {"year": 2026, **wrong}
        refused = client.post(API, json=sent, headers={**officer, "Idempotency-Key": str(wrong)})
        assert refused.status_code == 422, refused.text
    uid = started(client, officer, quarter=3)
    work()
    row = row_of(session, uid)
    figures = read(row.figures)
    assert figures.total.output_g.value is None and figures.total.yield_kg_per_ha is None
    text = words_of(content_of(session, row, ReportFormat.DOCX))
    assert "chưa ghi nhận diện tích" in text and "quý III năm 2026" in text
    assert "Trong kỳ không có phản ánh nào." in text


def test_the_desk_makes_and_sends_a_report(session, given, client, work):
    area = grown(given)
    officer = given.headers(Role.PROVINCE_ADMIN)
    session.commit()

    def send(path, **fields):
        return client.post(path, data=fields, headers=officer)

    assert send(HOME, period="2026-9").status_code == 422
    here = send(HOME, period="2026-0", once="1").headers["location"]
    shown = client.get(here, headers=officer)
    assert shown.headers["refresh"] == "2"
    work()
    page = client.get(here, headers={**officer, "accept-language": "vi"}).text
    assert f"{here}/files/pdf" in page and "refresh" not in page
    given.lot(area)
    session.commit()

    def version():
        page = client.get(here, headers=officer).text
        return re.findall(r'name="version" value="(\d+)"', page)[0], page

    number, page = version()
    knowing = re.findall(r'name="knowing" value="(\d+)"', page)[0]
    assert send(f"{here}/approve", version=number).status_code == 422
    approved = send(f"{here}/approve", version=number, knowing=knowing, known="yes")
    assert approved.status_code == 303
    number, _ = version()
    refused = send(f"{here}/send", version=number, number="", sent_on="hôm nay")
    assert refused.status_code == 422 and "hôm nay" in refused.text
    sent = send(f"{here}/send", version=number, number="7/BC", sent_on="20/11/2026")
    assert sent.status_code == 303
    assert "7/BC" in client.get(HOME, headers=officer).text
    inspector = given.headers(Role.INSPECTOR)
    session.commit()
    assert client.get(here, headers=inspector).status_code == 200
    assert client.post(HOME, data={}, headers=inspector).status_code == 403
