"""The certificate of a planting-area code, for everybody: it says what the register says today."""

from fastapi import APIRouter, Response

from app.accounts.reach import Reach
from app.deps import Config, Reading
from app.errors import NotFound
from app.kit.messages import say
from app.labels.code_paper import code_paper_pdf
from app.labels.code_paper_queries import code_paper
from app.registry.area_queries import area_line
from app.registry.code_queries import area_by_code, find_code

router = APIRouter(include_in_schema=False)


@router.get("/register/{code_key}/certificate.pdf")
def code_certificate(code_key: str, call: Reading, settings: Config) -> Response:
    """The paper as a PDF, made when it is asked for."""
    code = find_code(call.session, code_key[:80])
    if code is None:
        raise NotFound(say("There is no such planting-area code."))
    area = area_by_code(call.session, code.code, within=Reach.all())
    line = area_line(call.session, area.uid, within=Reach.all())
    paper = code_paper(call.session, code, line, base_url=settings.base_url, today=call.today)
    named = {"Content-Disposition": f'inline; filename="ma-so-vung-trong-{code.code_key}.pdf"'}
    return Response(code_paper_pdf(paper), media_type="application/pdf", headers=named)
