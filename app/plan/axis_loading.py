"""What a file of axes may name, and the rows that it becomes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlmodel import Session

from app.catalogue.queries import find_crop, list_crops
from app.db import insert_rows
from app.kit.text import clean, fold
from app.models.catalogue import Confidence
from app.models.places import AdminUnit
from app.models.plan import PlanAxis, PlanAxisCrop, PlanAxisPlace
from app.places.queries import former_communes, predecessors_of, successor_of
from app.plan.axis_files import AxesRead, Known
from app.plan.naming import PLAN_PROVINCE

LONGEST_REF = 300


def known_names(session: Session, districts: Mapping[str, str]) -> Known:
    """The places of the plan's province and every crop, by the words people write."""
    former = [one for one in former_communes(session) if one.province_code == PLAN_PROVINCE]
    successors = {one.pk: successor_of(session, one) for one in former}
    today = {unit.pk: unit for unit in successors.values() if unit is not None}
    made_of = {
        key: tuple(
            one for one in predecessors_of(session, unit) if one.province_code == PLAN_PROVINCE
        )
        for key, unit in today.items()
    }
    slugs = {fold(one.slug): one.slug for one in list_crops(session)}

    def crop(written: str) -> str | None:
        named = find_crop(session, written)
        return named.slug if named else slugs.get(fold(written))

    return Known(
        districts=districts,
        former_communes={word: tuple(units) for word, units in _by_word(former).items()},
        communes={
            word: made_of[units[0].pk]
            for word, units in _by_word(today.values()).items()
            if len(units) == 1
        },
        crop=crop,
    )


def keep_axes(session: Session, plan: str, act: str, read: AxesRead) -> None:
    """The rows of a plan's axes: what somebody wrote down is certain."""
    insert_rows(
        session,
        PlanAxisPlace,
        [
            {
                "plan": plan,
                "axis": one.axis,
                "district": one.district,
                "former_commune": one.former_commune,
                "legal_ref": reference(act, one.legal_ref),
                "confidence": Confidence.VERIFIED,
                "note": one.note,
            }
            for one in read.places
        ],
    )
    insert_rows(
        session,
        PlanAxisCrop,
        [
            {
                "plan": plan,
                "axis": one.axis,
                "crop": one.crop,
                "district": one.district,
                "legal_ref": reference(act, one.legal_ref),
            }
            for one in read.crops
        ],
    )
    names = [
        {"plan": plan, "axis": axis, "name": name} for axis, name in (read.names or {}).items()
    ]
    insert_rows(session, PlanAxis, names)


def reference(act: str, place: str) -> str:
    """Where something stands: the act, and the place in it."""
    return clean(f"{act}, {place}" if place else act, longest=LONGEST_REF)


def _by_word(units: Iterable[AdminUnit]) -> dict[str, list[AdminUnit]]:
    found: defaultdict[str, list[AdminUnit]] = defaultdict(list)
    for unit in units:
        for word in dict.fromkeys((unit.name, unit.short_name, unit.code)):
            found[word].append(unit)
    return dict(found)
