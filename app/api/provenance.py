"""What the public may know about a lot, for machines: the twin of the page behind the QR."""

from fastapi import APIRouter, Response

from app.api.problems import may_fail
from app.api.provenance_shapes import PublicLotOut
from app.api.provenance_told import public_lot
from app.api.shapes import Code
from app.deps import Config, Reading
from app.errors import Gone, NotFound, refuse
from app.kit.codes import MistypedLotCode, read_lot_code
from app.kit.messages import say
from app.models.lots import LotState
from app.provenance.queries import story_of
from app.transparency.tiles import find_leaf

router = APIRouter(prefix="/public", tags=["provenance"])

CACHE = "public, max-age=0, s-maxage=30, must-revalidate"


@router.get("/lots/{code}", responses=may_fail(NotFound, Gone))
def read_public_lot(code: Code, call: Reading, config: Config, response: Response) -> PublicLotOut:
    """The provenance of a lot, without signing in."""
    try:
        exact = read_lot_code(code)
    except MistypedLotCode as slip:
        raise refuse("code", slip.why) from None
    address = f"{config.base_url}/t/{exact}"
    story = story_of(call.session, exact, address=address, now=call.now)
    if story.state is LotState.WITHDRAWN:
        raise Gone(say("This lot was withdrawn: it was recorded by mistake."))
    response.headers["Cache-Control"] = CACHE
    response.headers["Access-Control-Allow-Origin"] = "*"  # nothing in it depends on who asks
    response.headers["Content-Language"] = call.language.html_tag
    return public_lot(story, call.language, find_leaf(call.session, story.proof.position))
