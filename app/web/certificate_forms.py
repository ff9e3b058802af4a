"""The form of a certificate: what it offers, and what somebody typed into it."""

from datetime import date
from typing import Any
from uuid import UUID

from app.accounts.reach import Reach
from app.catalogue.queries import all_standards, list_crops, rule_history, value_of
from app.certificates.drafting import CertificateDetails
from app.certificates.holder_queries import goods_of, members_by_codes
from app.certificates.law_queries import STARS
from app.certificates.listing_queries import Wanted, certificates
from app.certificates.queries import Scope, Sight, certification_bodies
from app.certificates.rules import Listed
from app.deps import Call
from app.errors import Refused, refuse
from app.kit.messages import say
from app.models.accounts import Role
from app.models.catalogue import Crop, Standard
from app.models.certificates import Certificate
from app.models.registry import Organisation
from app.web.forms import Typed
from app.web.words import GRADES

MOST_CHOICES = 200
Choices = dict[str, list[tuple[str, str]]]


def offered(call: Call, holder: Organisation) -> dict[str, Any]:
    """What the form of a holder's certificate lets one choose from."""
    return {
        "goods": goods_of(call.session, holder, day=call.today, most=MOST_CHOICES),
        "standards": [(one.code, _titled(one, call)) for one in all_standards(call.session)],
        "bodies": [(str(one.uid), one.name) for one in certification_bodies(call.session)],
        "grades": _grades(call),
        "crops": list_crops(call.session),
        "former": _former(call, holder),
    }


def details_of(call: Call, typed: Typed, holder: Organisation) -> CertificateDetails:
    """What was typed, as the command takes it; refuses with every fault at once."""
    standard = typed.text("standard", longest=40, required=True)
    number = typed.text("number", longest=80, required=True)
    issued_on, valid_from, valid_to = (
        typed.day(name, required=True) for name in ("issued_on", "valid_from", "valid_to")
    )
    chosen: dict[str, Any] = {
        "areas": tuple(typed.uids("areas")),
        "body": typed.uid("body"),
        "body_name": typed.text("body_name", longest=160),
        "body_code": typed.text("body_code", longest=40),
        "grade": typed.text("grade", longest=20),
        "points": _points(typed),
        "conversion_from": typed.day("conversion_from"),
        "area_m2": typed.land("area_m2", "area_unit").value if typed.raw("area_m2") else None,
        "expected_output_g": (
            typed.mass("expected_output_g", "unit").value
            if typed.raw("expected_output_g")
            else None
        ),
        "predecessor": typed.uid("predecessor"),
        "evidence": typed.text("evidence", longest=500, multiline=True),
    }
    members = [*typed.uids("members"), *_by_code(call, typed, holder)]
    typed.done()
    return CertificateDetails(
        standard=standard,
        number=number,
        issued_on=issued_on or date.min,
        valid_from=valid_from or date.min,
        valid_to=valid_to or date.min,
        crops=tuple(typed.several.get("crops", [])),
        members=tuple(dict.fromkeys(members)),
        in_conversion=typed.ticked("in_conversion"),
        **chosen,
    )


def as_typed(
    certificate: Certificate, standard: Standard, body: Organisation | None
) -> dict[str, str]:
    """A recorded certificate as its form would have been filled in."""
    kept = {
        "standard": standard.code,
        "number": certificate.number,
        "body": str(body.uid) if body else "",
        "body_name": "" if body else certificate.body_name,
        "body_code": certificate.body_code,
        "issued_on": certificate.issued_on.isoformat(),
        "valid_from": certificate.valid_from.isoformat(),
        "valid_to": certificate.valid_to.isoformat(),
        "grade": certificate.grade,
        "points": _whole(certificate.points),
        "area_m2": _whole(certificate.area_m2),
        "area_unit": "m2",
        "in_conversion": "yes" if certificate.in_conversion else "",
    }
    began, output = certificate.conversion_from, certificate.expected_output_g
    kept["conversion_from"] = began.isoformat() if began else ""
    kept["expected_output_g"] = (
        "" if output is None else f"{output / 1000:f}".rstrip("0").rstrip(".")
    )
    return kept | {"unit": "kg"}


def as_chosen(scope: Scope) -> dict[str, list[str]]:
    """A recorded scope as the form would have been ticked."""
    return {
        "crops": [crop.slug for crop in scope.crops if _is_open(scope, Listed.CROPS, crop)],
        "areas": [str(one.uid) for one in scope.areas if _is_open(scope, Listed.AREAS, one)],
        "members": [str(one.uid) for one in scope.members if _is_open(scope, Listed.MEMBERS, one)],
    }


def scope_choices(call: Call, scope: Scope) -> Choices:
    """What stands on the lists of a scope and may leave; a certifier is told members by code."""
    by_code = call.caller.role is Role.CERTIFIER
    return {
        "crops": [
            (crop.slug, _crop_name(crop, call))
            for crop in scope.crops
            if _is_open(scope, Listed.CROPS, crop)
        ],
        "areas": [
            (str(one.uid), one.name) for one in scope.areas if _is_open(scope, Listed.AREAS, one)
        ],
        "members": [
            (str(one.uid), one.code if by_code else f"{one.name} · {one.code}")
            for one in scope.members
            if _is_open(scope, Listed.MEMBERS, one)
        ],
    }


def join_choices(call: Call, holder: Organisation, listed: Choices) -> tuple[Choices, int]:
    """What a holder has that may join the lists, and how many members more there are."""
    goods = goods_of(call.session, holder, day=call.today, most=MOST_CHOICES)
    offered_all: Choices = {
        "crops": [(crop.slug, _crop_name(crop, call)) for crop in list_crops(call.session)],
        "areas": [(str(choice.area.uid), choice.area.name) for choice in goods.areas],
        "members": [(str(one.uid), f"{one.name} · {one.code}") for one in goods.members],
    }
    known = {name: {value for value, _ in rows} for name, rows in listed.items()}
    free = {
        name: [row for row in rows if row[0] not in known[name]]
        for name, rows in offered_all.items()
    }
    return free, goods.more


def codes_typed(call: Call, text: str, holder: Organisation, field: str) -> list[UUID]:
    """Members by the codes somebody typed; refuses the first code that nobody there has."""
    codes = text.upper().replace(",", " ").replace(";", " ").split()
    found, unknown = members_by_codes(call.session, holder, codes)
    if unknown:
        raise refuse(field, say("No member has the code {code}.", code=unknown[0][:40]))
    return found


def _by_code(call: Call, typed: Typed, holder: Organisation) -> list[UUID]:
    text = typed.text("member_codes", longest=20_000, multiline=True)
    try:
        return codes_typed(call, text, holder, "member_codes")
    except Refused as unknown:
        typed.faults.extend(unknown.fields)
        return []


def _points(typed: Typed) -> int | None:
    return typed.whole("points", default=0) if typed.raw("points").strip() else None


def _crop_name(crop: Crop, call: Call) -> str:
    return str(getattr(crop, f"name_{call.language.tag}"))


def _whole(number: int | None) -> str:
    return "" if number is None else str(number)


def _is_open(scope: Scope, listed: Listed, row: Any) -> bool:
    return any(term.until is None for term in scope.terms_of(listed, row))


def _titled(standard: Standard, call: Call) -> str:
    title = f"{getattr(standard, f'title_{call.language.tag}')} – {standard.edition}"
    if standard.valid_to is None:
        return title
    ended = say("until {day}", day=standard.valid_to)
    return f"{title} ({call.language.say(ended)})"


def _grades(call: Call) -> list[tuple[str, str]]:
    scales = [value_of(rule)["grades"] for rule in rule_history(call.session, "food_safety.grades")]
    stars = [list(value_of(rule)) for rule in rule_history(call.session, STARS)]
    known = dict.fromkeys(str(grade) for scale in (*scales, *stars) for grade in scale)
    return [
        (grade, call.language.say(GRADES[grade]) if grade in GRADES else grade) for grade in known
    ]


def _former(call: Call, holder: Organisation) -> list[tuple[str, str]]:
    """Certificates of the holder that a new one can take the place of."""
    sight = Sight(Reach.own(holder.pk))
    found = certificates(call.session, sight=sight, wanted=Wanted(), today=call.today, limit=50)
    return [
        (str(line.certificate.uid), f"{line.certificate.number} · {line.standard.edition}")
        for line in found.items
        if line.certificate.status.value in {"active", "suspended"}
        and _may_replace(call, line.certificate)
    ]


def _may_replace(call: Call, certificate: Certificate) -> bool:
    own = call.caller.organisation_id
    return call.caller.role is not Role.CERTIFIER or certificate.body_id in {None, own}
