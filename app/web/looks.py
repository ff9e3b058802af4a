"""Who of the authority and the certifiers saw the organisation's private data."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.looks import looks
from app.deps import PageArgs, Reading
from app.kit.messages import Message, say
from app.web.pages import show

router = APIRouter(include_in_schema=False)

LINES_A_PAGE = 50
WHAT: dict[str, Message] = {
    "lot": say("A lot with its history"),
    "area": say("A planting area"),
    "planting": say("A planting with its diary"),
    "entry": say("A diary entry"),
    "diary": say("Diary entries"),
    "growers": say("The list of growers"),
    "plots": say("The list of plots"),
    "application": say("An application for a code"),
    "document": say("A paper"),
    "picture": say("A photograph"),
    "dossier": say("Everything on one page"),
    "dossier_pack": say("Everything as a file"),
    "evidence": say("The evidence of a lot"),
    "grower": say("A grower"),
    "plot": say("A plot"),
    "plantings": say("The list of plantings"),
    "buyers": say("Buyers"),
    "recall_buyers": say("Buyers, in a recall"),
    "drill": say("Buyers, in a recall drill"),
    "contract": say("A contract with its price"),
    "contracts": say("The list of contracts"),
}
# Where the organisation finds the same thing; of the rest the words say enough.
WHERE = {
    "lot": "/work/lots/",
    "evidence": "/work/lots/",
    "area": "/work/areas/",
    "planting": "/work/diary/plantings/",
    "entry": "/work/diary/entries/",
    "picture": "/work/pictures/",
    "grower": "/work/growers/",
    "contract": "/work/contracts/",
    "recall_buyers": "/work/recalls/",
    "drill": "/work/drills/",
}


@router.get("/work/looks")
def looks_page(request: Request, call: Reading, page: PageArgs) -> Response:
    """One line a day for each person and thing, the newest first."""
    found = looks(call.session, within=call.within, after=page.after, limit=LINES_A_PAGE)
    return show(request, call, "work/looks_at_data.html", lines=found, what_words=WHAT, where=WHERE)
