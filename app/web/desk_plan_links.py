"""Links for communes at the desk: made for one or for all that are missing, to copy into Zalo or to print."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Config, Reading, Writing
from app.kit.i18n import language
from app.kit.messages import Message, say
from app.plan.part_link_commands import Made, end_part_link, make_part_links
from app.plan.part_link_queries import communes_asked, link_by_uid, link_days, links_told
from app.plan.report_periods import Period, period_from, periods_offered
from app.plan.report_queries import is_closed
from app.plan.submission_queries import communes_heard, expected_communes, part_due
from app.registry.organisation_queries import organisation_by_id
from app.web.drawn_code import drawn_code
from app.web.pages import Refusal, TypedForm, go_to, show, tried

router = APIRouter(prefix="/desk/plan/part-links", include_in_schema=False)

HOME = "/desk/plan/part-links"


@router.get("")
def plan_part_links_page(request: Request, call: Reading, period: str = "") -> Response:
    """The communes of a period, each with its link: whether it works, and until when."""
    return _page(request, call, _chosen(call, period))


@router.post("")
def make_part_links_form(
    request: Request, call: Writing, typed: TypedForm, config: Config
) -> Response:
    """Make links and show them, this once: for one commune, or for all whose part is missing."""
    chosen = _chosen(call, typed.raw("period"))

    def effect() -> list[Made]:
        period = period_from(typed.raw("period"), call.today)
        code = typed.raw("commune")[:5]
        wanted = communes_asked(call.session, period, [code] if code else [])
        office = organisation_by_id(call.session, call.caller.organisation_id)
        return make_part_links(
            call.session, wanted, period, office=office, by=call.actor, now=call.now
        )

    made = tried(call, effect)
    if isinstance(made, Refusal):
        return _page(request, call, chosen, refusal=made)
    letters = [_letter(call, one, chosen, config.base_url) for one in made]
    answer = _page(request, call, chosen, letters=letters)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@router.post("/{link}/end")
def end_part_link_form(request: Request, call: Writing, link: UUID) -> Response:
    """A link works no more."""
    told = link_by_uid(call.session, link)
    outcome = tried(call, lambda: end_part_link(call.session, told, by=call.actor, now=call.now))
    if isinstance(outcome, Refusal):
        return _page(request, call, link_by_uid(call.session, link).period, refusal=outcome)
    return go_to(f"{HOME}?period={told.period.key}&done=saved")


def _chosen(call: Call, typed: str) -> Period:
    """The period in the address; this year where it names none that can be."""
    offered = {one.key: one for one in periods_offered(call.today)}
    return offered.get(typed) or Period(call.today.year)


def _letter(call: Call, made: Made, period: Period, base_url: str) -> dict[str, object]:
    """What is sent to a commune: always in Vietnamese, whoever sends it."""
    link = f"{base_url}/b/{made.token}"
    due = part_due(call.session, period)
    asks = say(
        "{office} asks {commune} to send in its part of the report on safe vegetables, {period}, by"
        " {day}. No account is needed, a telephone is enough: {link}"
    )
    reminds = say(
        "{office} reminds {commune}: its part of the report on safe vegetables, {period}, was due"
        " on {day}. No account is needed, a telephone is enough: {link}"
    )
    words = reminds if call.today > due else asks
    told = {
        "office": organisation_by_id(call.session, call.caller.organisation_id).name,
        "commune": made.commune.name,
        "period": period.words,
        "day": due,
        "link": link,
    }
    return {
        "name": made.commune.name,
        "words": language("vi").say(Message(words.msgid, told)),
        "link": link,
        "until": made.link.expires_at,
        "drawn": drawn_code(link),
    }


def _page(request: Request, call: Call, period: Period, **again: Any) -> Response:
    links = {one.commune.pk: one for one in links_told(call.session, period)}
    communes = expected_communes(call.session, period)
    missing = {one.pk for one in communes} - communes_heard(call.session, period)
    return show(
        request,
        call,
        "desk/plan/part_links.html",
        status=422 if again.get("refusal") else 200,
        period=period,
        periods=[(one.key, call.language.say(one.words)) for one in periods_offered(call.today)],
        communes=communes,
        links=links,
        missing=missing,
        due=part_due(call.session, period),
        closed=is_closed(call.session, period, call.today),
        days=link_days(call.session, period),
        now=call.now,
        **{"letters": [], **again},
    )
