"""The axes of a plan as a page tells them: where they lie, which crops lead."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.catalogue.queries import list_crops
from app.deps import Call
from app.kit.messages import Message
from app.places.queries import former_commune_names, former_districts
from app.plan.axes import axes_of


@dataclass(frozen=True)
class ShownAxis:
    """An axis by names; `communes` are those of districts that lie in it in part."""

    name: str | Message
    districts: list[str]
    communes: list[str]
    crops: list[str]


def shown_axes(call: Call, plan: str) -> list[ShownAxis]:
    """The axes of a plan, in its order; none where it names none."""
    found = axes_of(call.session, plan)
    if not found:
        return []
    districts = {one.code: one.name for one in former_districts(call.session)}
    named = {code for one in found for code in one.communes}
    communes = former_commune_names(call.session, named)
    tag = call.language.tag
    crops = {
        one.slug: getattr(one, f"name_{tag}") or one.name_vi for one in list_crops(call.session)
    }
    return [
        ShownAxis(
            one.name,
            _named(one.districts, districts),
            _named(one.communes, communes),
            _named(one.crops, crops),
        )
        for one in found
    ]


def _named(keys: Iterable[str], names: dict[str, str]) -> list[str]:
    return list(dict.fromkeys(names.get(key, key) for key in keys))
