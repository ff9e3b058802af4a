"""Prices at the field and model groups: what the province enters so that value and models can be counted."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.reach import Reach
from app.catalogue.plan_queries import plan_on
from app.catalogue.queries import list_crops
from app.certificates.queries import Sight, certificate_line
from app.deps import Call, PageArgs, Reading, Writing
from app.errors import refuse
from app.kit.messages import Message, say
from app.models.accounts import Role
from app.models.plan_prices import PriceSource
from app.plan.comparing import model_groups
from app.plan.model_commands import ModelDetails, carry_models, end_model, name_model
from app.plan.price_commands import PriceDetails, enter_price, withdraw_price
from app.plan.price_queries import model_line, model_lines, models_elsewhere, own_price_line, prices
from app.plan.queries import loaded_plans, targets
from app.registry.organisation_queries import organisation_by_uid
from app.web.desk_plan_targets import chosen_plan
from app.web.pages import Refusal, TypedForm, go_to, show, submitted_once, tried
from app.web.plan_choices import certificates_of_models, growing_organisations

router = APIRouter(prefix="/desk/plan", include_in_schema=False)

PAGE = 50
SOURCES: dict[PriceSource, Message] = {
    PriceSource.CONTRACT: say("Contract"),
    PriceSource.ENTERED: say("Entered"),
}


@router.get("/prices")
def plan_prices_page(request: Request, call: Reading, page: PageArgs, crop: str = "") -> Response:
    """What crops cost, the newest first."""
    return _prices(request, call, after=page.after, crop=crop)


@router.post("/prices")
def enter_plan_price_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Enter a price."""

    def effect() -> str:
        from_day = typed.day("from_day", required=True)
        dong = typed.amount("dong_per_kg", factor=1)
        ended_on, note = typed.day("ended_on"), typed.text("note", longest=300)
        owner = typed.uid("organisation")
        typed.done()
        if dong is None:
            raise refuse("dong_per_kg", say("This is required."))
        organisation = owner and organisation_by_uid(call.session, owner, within=call.within)
        enter_price(
            call.session,
            organisation=organisation or None,
            details=PriceDetails(
                crop=typed.raw("crop"),
                dong_per_kg=dong,
                from_day=from_day or call.today,
                ended_on=ended_on,
                note=note,
            ),
            by=call.actor,
            now=call.now,
        )
        return "/desk/plan/prices?done=saved"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        return _prices(request, call, typed=typed.fields, refusal=answer)
    return answer


@router.post("/prices/{price}/withdraw")
def withdraw_plan_price_form(request: Request, call: Writing, price: UUID) -> Response:
    """Take a price back."""

    def effect() -> None:
        found = own_price_line(call.session, price, within=call.within).price
        withdraw_price(call.session, price=found, by=call.actor, now=call.now)

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return _prices(request, call, refusal=outcome)
    return go_to("/desk/plan/prices?done=price_withdrawn")


@router.get("/models")
def plan_models_page(request: Request, call: Reading, plan: str = "") -> Response:
    """The model groups of a plan, and which of them count today."""
    return _models(request, call, plan=plan)


@router.post("/models")
def name_plan_model_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Count an organisation among the models, by one of its certificates."""

    def effect() -> str:
        since, note = typed.day("since", required=True), typed.text("note", longest=300)
        wanted = typed.uid("certificate", required=True)
        typed.done()
        if wanted is None:
            raise refuse("certificate", say("Choose one."))
        line = certificate_line(call.session, wanted, sight=Sight(call.within))
        name_model(
            call.session,
            organisation=line.holder,
            certificate=line.certificate,
            details=ModelDetails(since=since or call.today, note=note),
            by=call.actor,
            now=call.now,
        )
        return "/desk/plan/models?done=saved"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        return _models(request, call, typed=typed.fields, refusal=answer)
    return answer


@router.post("/models/carried")
def carry_plan_models_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Count the models of other plans among those of this one too."""
    plan = chosen_plan(call, typed.raw("plan")[:40])
    outcome = tried(
        call, lambda: carry_models(call.session, plan=plan, by=call.actor, now=call.now)
    )
    if isinstance(outcome, Refusal):
        return _models(request, call, plan=plan, refusal=outcome)
    return go_to(f"/desk/plan/models?plan={plan}&done=saved")


@router.post("/models/{model}/end")
def end_plan_model_form(request: Request, call: Writing, model: UUID, typed: TypedForm) -> Response:
    """Count an organisation no more."""

    def effect() -> None:
        until = typed.day("until", required=True)
        typed.done()
        group = model_line(call.session, model).group
        end_model(call.session, group=group, until=until or call.today, by=call.actor, now=call.now)

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return _models(request, call, typed=typed.fields, refusal=outcome, ending=str(model))
    return go_to("/desk/plan/models?done=saved")


def _prices(
    request: Request, call: Call, *, after: str | None = None, crop: str = "", **again: Any
) -> Response:
    tag = call.language.tag
    return show(
        request,
        call,
        "desk/plan/prices.html",
        status=422 if again.get("refusal") else 200,
        lines=prices(call.session, within=call.within, crop=crop[:40], after=after, limit=PAGE),
        chosen=crop[:40],
        crops=[(one.slug, getattr(one, f"name_{tag}")) for one in list_crops(call.session)],
        organisations=growing_organisations(call.session),
        sources=SOURCES,
        may_change=call.caller.role is Role.PROVINCE_ADMIN,
        **again,
    )


def _models(
    request: Request, call: Call, *, plan: str = "", ending: str = "", **again: Any
) -> Response:
    chosen = chosen_plan(call, plan)
    counting = model_groups(call.session, chosen, call.today.year)
    wanted = {one.measure: one.stated for one in targets(call.session, plan=chosen)}
    return show(
        request,
        call,
        "desk/plan/models.html",
        status=422 if again.get("refusal") else 200,
        lines=model_lines(call.session, chosen),
        chosen=chosen,
        asked_plan=plan,
        plans=loaded_plans(call.session),
        following=plan_on(call.session, call.today),
        least=wanted.get("models_at_least"),
        most=wanted.get("models_at_most"),
        counting={one.pk for one in counting},
        certificates=certificates_of_models(call.session, Reach.all(), call.today),
        elsewhere=len(models_elsewhere(call.session, chosen)),
        ending=ending,
        may_change=call.caller.role is Role.PROVINCE_ADMIN,
        **again,
    )
