"""The catalogue on the wire: crops, standards, regulated actives, the law as dated rows."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query, Response
from pydantic import AfterValidator, BaseModel, Field, JsonValue

from app.api.paging import PageOut
from app.api.problems import may_fail
from app.api.shapes import Code, In, Name, Out, Words
from app.catalogue import commands, queries
from app.catalogue.reason_queries import reasons_for
from app.catalogue.rules import Severity, severity
from app.deps import OnceDep, Reading, Writing
from app.errors import Conflict, Malformed, NotFound, Refused
from app.kit.text import clean
from app.models.catalogue import (
    ActiveStatus,
    Confidence,
    CropGroup,
    LegalRule,
    RegulatedActive,
    StandardKind,
)

Shape = TypeVar("Shape", bound=BaseModel)

router = APIRouter(tags=["catalogue"])

OnDay = Annotated[date | None, Query(description="As it stood on this day; today unless given.")]


def _reference(value: str) -> str:
    return clean(value, longest=300)


def _storable(value: JsonValue) -> JsonValue:
    """Every text inside cleaned, so that none holds what no database keeps."""
    match value:
        case str():
            return clean(value, longest=commands.LONGEST_VALUE)
        case list():
            return [_storable(inner) for inner in value]
        case dict():
            return {
                clean(name, longest=commands.LONGEST_VALUE): _storable(inner)
                for name, inner in value.items()
            }
        case _:
            return value


class CropOut(Out):
    """A crop. `policy_group` is the plan's label, `family` the botanical fact."""

    slug: str = Field(examples=["BAP_CAI"])
    name_vi: str = Field(examples=["Bắp cải"])
    name_en: str = Field(examples=["Cabbage"])
    name_zh: str = Field(examples=["卷心菜"])
    scientific_name: str = Field(examples=["Brassica oleracea var. capitata"])
    family: str = Field(examples=["Brassicaceae"])
    policy_group: CropGroup
    native: bool
    perennial: bool
    hs_code: str = Field(examples=["0704.90"])
    note: str


class StandardOut(Out):
    """One edition of a standard; `valid_to` is its last day, null while it stands."""

    code: str = Field(examples=["VIETGAP_2026"])
    kind: StandardKind
    title_vi: str = Field(examples=["VietGAP trồng trọt"])
    title_en: str = Field(examples=["VietGAP for crops"])
    title_zh: str
    edition: str = Field(examples=["TCVN 11892-1:2026"])
    valid_from: date
    valid_to: date | None
    legal_ref: str
    confidence: Confidence


class ActiveOut(Out):
    """A pesticide active that is banned, or was removed from the permitted list."""

    name: str = Field(examples=["Carbofuran"])
    synonyms: list[str]
    active_group: str
    status: ActiveStatus
    legal_ref: str
    valid_from: date | None
    valid_to: date | None
    confidence: Confidence

    @classmethod
    def of(cls, active: RegulatedActive) -> "ActiveOut":
        synonyms = active.synonyms.split(queries.SYNONYMS_APART)
        return cls(
            name=active.name,
            synonyms=[name.strip() for name in synonyms if name.strip()],
            active_group=active.active_group,
            status=active.status,
            legal_ref=active.legal_ref,
            valid_from=active.valid_from,
            valid_to=active.valid_to,
            confidence=active.confidence,
        )


class LegalRuleOut(Out):
    """A rule of law for a time. `effect`: whether breaking it refuses or only warns."""

    key: str = Field(examples=["certificate.organic.validity_months"])
    valid_from: date
    valid_to: date | None
    value: JsonValue = Field(examples=[24])
    unit: str = Field(examples=["months"])
    legal_ref: str = Field(examples=["NĐ 109/2018/NĐ-CP art. 8(2)"])
    confidence: Confidence
    enforced: bool
    effect: Severity
    note: str

    @classmethod
    def of(cls, rule: LegalRule) -> "LegalRuleOut":
        return cls(
            key=rule.key,
            valid_from=rule.valid_from,
            valid_to=rule.valid_to,
            value=queries.value_of(rule),
            unit=rule.unit,
            legal_ref=rule.legal_ref,
            confidence=rule.confidence,
            enforced=rule.enforced,
            effect=severity(rule.confidence, rule.enforced),
            note=rule.note,
        )


class LegalRuleIn(In):
    """What a rule says from a day on; what it said before stays readable."""

    valid_from: date = Field(examples=["2027-01-01"])
    value: Annotated[JsonValue, AfterValidator(_storable)] = Field(examples=[24])
    legal_ref: Annotated[str, AfterValidator(_reference)] = Field(
        examples=["NĐ 109/2018/NĐ-CP art. 8(2)"]
    )
    confidence: Confidence
    enforced: bool = Field(
        default=False, description="Lets a rule of confidence S refuse; others are not changed."
    )
    note: Words = ""

    def amendment(self) -> commands.RuleAmendment:
        """The same, as the command takes it."""
        return commands.RuleAmendment(
            valid_from=self.valid_from,
            value=self.value,
            legal_ref=self.legal_ref,
            confidence=self.confidence,
            enforced=self.enforced,
            note=self.note,
        )


@router.get("/crops", responses=may_fail())
def list_crops(call: Reading, group: CropGroup | None = None) -> PageOut[CropOut]:
    """The crops of the plan, by Vietnamese name."""
    found = queries.list_crops(call.session, group)
    return _all(CropOut.model_validate(crop) for crop in found)


@router.get("/standards", responses=may_fail())
def list_standards(
    call: Reading, on: OnDay = None, kind: StandardKind | None = None, *, ended: bool = False
) -> PageOut[StandardOut]:
    """The editions in force on a day; with `ended`, those too that certificates may still be of."""
    found = (
        [one for one in queries.all_standards(call.session) if kind in {None, one.kind}]
        if ended
        else queries.standards_on(call.session, on or call.today, kind)
    )
    return _all(StandardOut.model_validate(standard) for standard in found)


@router.get("/regulated-actives", responses=may_fail())
def list_regulated_actives(
    call: Reading,
    on: OnDay = None,
    name: Annotated[
        Name, Query(description="A whole name or synonym, case and punctuation aside.")
    ] = "",
) -> PageOut[ActiveOut]:
    """Actives that are banned or removed, by name; with `name`, that one if it is among them."""
    day = on or call.today
    if name:
        return _all(map(ActiveOut.of, queries.find_actives(call.session, name, day)))
    return _all(map(ActiveOut.of, queries.regulated_actives(call.session, day)))


@router.get("/legal-rules", responses=may_fail())
def list_legal_rules(
    call: Reading,
    on: OnDay = None,
    key: Annotated[Code, Query(description="Every version of this one rule.")] = "",
) -> PageOut[LegalRuleOut]:
    """The law as the system applies it on a day."""
    found = (
        queries.rule_history(call.session, key)
        if key
        else queries.rules_on(call.session, on or call.today)
    )
    return _all(LegalRuleOut.of(rule) for rule in found)


class DecisionReasonOut(Out):
    """A reason that may be given for a step in the life of a code."""

    slug: str = Field(examples=["no_diary"])
    step: str = Field(examples=["warned"])
    text_vi: str
    text_en: str
    text_zh: str
    valid_from: date
    valid_to: date | None
    legal_ref: str
    confidence: Confidence


@router.get("/decision-reasons", responses=may_fail())
def list_decision_reasons(
    call: Reading,
    step: Annotated[Code, Query(description="warned, suspended, active, revoked …")],
    on: OnDay = None,
) -> PageOut[DecisionReasonOut]:
    """The dated list of reasons for one step."""
    found = reasons_for(call.session, step, on or call.today)
    return _all(DecisionReasonOut.model_validate(reason) for reason in found)


@router.post(
    "/legal-rules/{key}",
    status_code=201,
    response_model=LegalRuleOut,
    responses=may_fail(Malformed, NotFound, Conflict, Refused),
)
def set_legal_rule(key: Code, body: LegalRuleIn, call: Writing, once: OnceDep) -> Response:
    """Let a rule say something else from a day on; its former version ends the day before."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        rule = commands.set_legal_rule(
            call.session, key=key, amendment=body.amendment(), by=call.actor, now=call.now
        )
        return LegalRuleOut.of(rule), {}

    return once(effect)


def _all(items: Iterable[Shape]) -> PageOut[Shape]:
    """A list so short that it is always one page."""
    return PageOut(items=list(items), next=None)
