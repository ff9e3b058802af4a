"""What a decision to issue a code rests on: the day, the law of that day, the parts of the code."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.catalogue.rules import Severity
from app.errors import Conflict, FieldError, Refused, refuse
from app.kit.messages import say
from app.models.catalogue import Crop
from app.models.places import AdminUnit
from app.models.registry import AreaCode, AreaCodeStep, CodeScheme, PlantingArea
from app.registry import codes
from app.registry.area_queries import crops_of
from app.registry.code_queries import find_code, steps_of
from app.registry.law_queries import (
    TYPED_SCHEMES,
    concerns_about,
    crop_token,
    market_token,
    scheme_in_force,
)
from app.registry.markets import HOME_MARKET
from app.registry.rules import require_past_day
from app.registry.words import name_of


@dataclass(frozen=True)
class Decision:
    """An officer's decision to issue: under which scheme, when, by which document.

    `typed_code` only for schemes that are issued elsewhere (EXTERNAL, TCCS774_2020); `crop` is the
    slug of the crop that an ND38_2026 code names, the area's first by name unless given.
    """

    scheme: CodeScheme
    decided_on: date
    number: str
    typed_code: str = ""
    crop: str = ""


def require_day(
    session: Session, area: PlantingArea, former: AreaCode | None, day: date, *, today: date
) -> None:
    """Refuse a day of decision in the future, before the area, or while a former code still held."""
    require_past_day("decided_on", day, today=today)
    if day < area.established_on:
        since = area.established_on
        raise refuse("decided_on", say("The planting area exists only since {since}.", since=since))
    held_until = max((step.effective_on for step in _steps(session, former)), default=day)
    if day < held_until:
        held = say("The former code held until {day}; this cannot be earlier.", day=held_until)
        raise refuse("decided_on", held)


def _steps(session: Session, code: AreaCode | None) -> list[AreaCodeStep]:
    return steps_of(session, code) if code else []


def require_lawful(session: Session, area: PlantingArea, market: str, decision: Decision) -> None:
    """Refuse a scheme not in force on the day or not for the market, and what enforced law forbids."""
    scheme, day = decision.scheme, decision.decided_on
    if not scheme_in_force(session, scheme, day):
        raise refuse("scheme", say("No code could be issued under this scheme on {day}.", day=day))
    if scheme is CodeScheme.QD3156_2022 and market != HOME_MARKET:
        raise refuse("scheme", say("This scheme is for the home market only."))
    if scheme is CodeScheme.TCCS774_2020 and market == HOME_MARKET:
        raise refuse("scheme", say("This scheme is for export only."))
    for concern in concerns_about(session, area, market, day=day):
        if concern.severity is Severity.REFUSE:
            raise Refused(concern.why)


def number_of(decision: Decision) -> str:
    """The number of the document, which every decision has."""
    return name_of("number", decision.number, longest=80)[0]


def basis_of(
    session: Session, area: PlantingArea, market: str, decision: Decision
) -> codes.AnyCode | codes.Grounds:
    """What the code is made of, or the code itself where it was issued elsewhere. Writes nothing."""
    if decision.scheme in TYPED_SCHEMES:
        return _typed(session, decision)
    if decision.typed_code.strip():
        raise refuse("typed_code", say("Codes of this scheme are issued here, not typed in."))
    unit = _unit(session, area, decision.scheme)
    crop = _crop(session, area, decision)
    return codes.Grounds(
        province=unit.province_code,
        district=unit.district_code or "",
        commune=unit.code,
        crop_token=crop_token(session, crop, decision.decided_on),
        market=market_token(session, market, decision.decided_on),
        decided_on=decision.decided_on,
    )


def _typed(session: Session, decision: Decision) -> codes.AnyCode:
    code = codes.read(decision.scheme, decision.typed_code)
    if code is None:
        raise refuse("typed_code", say("This code does not have the form of its scheme."))
    if isinstance(code, codes.Tccs774Code) and code.kind == "PH":
        raise refuse("typed_code", say("This is the code of a packing house."))
    if find_code(session, str(code)) is not None:
        why = say("Code {code} was given to an area already.", code=str(code))
        raise Conflict(why, FieldError("typed_code", why))
    return code


def _unit(session: Session, area: PlantingArea, scheme: CodeScheme) -> AdminUnit:
    if scheme is not CodeScheme.QD3156_2022:
        return session.get_one(AdminUnit, area.commune_id)
    if area.former_commune_id is None:
        needed = say("This scheme needs the former commune with its district: add it to the area.")
        raise refuse("scheme", needed)
    return session.get_one(AdminUnit, area.former_commune_id)


def _crop(session: Session, area: PlantingArea, decision: Decision) -> Crop:
    grown = crops_of(session, area)
    chosen = [crop for crop in grown if decision.crop in {"", crop.slug}]
    if not chosen:
        raise refuse("crop", say("This crop is not grown in {area}.", area=area.name))
    return chosen[0]
