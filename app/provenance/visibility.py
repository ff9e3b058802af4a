"""Who may see which field of the rows behind a lot: the one table, and what guards the story by it.

What is not declared is seen by nobody. Price and buyer have no column yet; whoever adds one declares
it here first. NĐ 37/2026/NĐ-CP art. 23(7): what the public must find; Luật 91/2025/QH15: no personal
data without consent; a household's own place, its neighbours' and competitors' eyes are kept off.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar, cast

from sqlmodel import SQLModel


class Audience(StrEnum):
    """The public; a buyer in the chain; an inspector of the province; the cooperative itself."""

    PUBLIC = "public"
    BUYER = "buyer"
    INSPECTOR = "inspector"
    COOPERATIVE = "cooperative"


class Group(StrEnum):
    """Who sees a field. AGREED and SAID open it to everybody, only then; till then it is the office's."""

    EVERYBODY = "everybody"
    TRADE = "trade"
    OFFICE = "office"
    HOME = "home"
    AGREED = "agreed"  # with the consent of whom it concerns
    SAID = "said"  # with a recall or a withdrawal, whose reason the law wants told


EVERYBODY, TRADE, OFFICE, HOME = Group.EVERYBODY, Group.TRADE, Group.OFFICE, Group.HOME
AGREED, SAID = Group.AGREED, Group.SAID
_SEES: Mapping[Group, frozenset[Audience]] = {
    EVERYBODY: frozenset(Audience),
    TRADE: frozenset(Audience) - {Audience.PUBLIC},
    OFFICE: frozenset({Audience.INSPECTOR, Audience.COOPERATIVE}),
    HOME: frozenset({Audience.COOPERATIVE}),
    AGREED: frozenset({Audience.INSPECTOR, Audience.COOPERATIVE}),
    SAID: frozenset({Audience.INSPECTOR, Audience.COOPERATIVE}),
}
Row = TypeVar("Row", bound=SQLModel)

# By table: who sees which columns. Keys that only join rows are no one's to see and need no line.
VISIBLE: Mapping[str, Mapping[Group, str]] = {
    "harvest_lot": {
        EVERYBODY: "code kind harvested_on packed_on best_before sellable_from state state_since"
        " recorded_at ledger_position",
        TRADE: "quantity_g grade",
        SAID: "state_reason",
        OFFICE: "note version",
    },
    "lot_step": {EVERYBODY: "state recorded_at", OFFICE: "reason"},
    "lot_source": {OFFICE: "quantity_g"},
    "lot_claim": {EVERYBODY: "kind granted reason reason_values"},
    "lot_picture": {EVERYBODY: "rank"},
    "picture": {
        EVERYBODY: "media_type width height size sha256",
        OFFICE: "uid sent_sha256 likeness added_at",
    },
    "organisation": {
        EVERYBODY: "uid kind demonstration name_public commune_id former_commune_id",
        AGREED: "name address public_phone registration_number",
        OFFICE: "name_key created_at version",
        HOME: "email",
    },
    "planting_area": {
        EVERYBODY: "commune_id former_commune_id",
        AGREED: "name",
        TRADE: "uid area_m2 established_on closed_on",
        OFFICE: "polygon west south east north name_key created_at version",
    },
    "area_code": {
        EVERYBODY: "market scheme code issued_on status decision_number",
        OFFICE: "uid parts code_key created_at version",
    },
    "area_code_step": {
        EVERYBODY: "status effective_on decision_number reason_slug",
        AGREED: "reason",
        OFFICE: "recorded_at",
    },
    "grower": {
        AGREED: "name",
        OFFICE: "uid code name_key phone hamlet created_at version",
    },
    "grower_membership": {OFFICE: "valid_from valid_to"},
    "grower_consent": {OFFICE: "purpose given_at withdrawn_at"},
    "plot": {
        OFFICE: "uid name name_key area_m2 polygon west south east north created_at version",
    },
    "planting": {
        EVERYBODY: "sown_on",
        TRADE: "variety harvest_from harvest_to ended_on",
        OFFICE: "uid area_m2 note created_at version",
    },
    "diary_entry": {
        EVERYBODY: "work done_on",
        OFFICE: "uid written_at arrived_at back_dated clock_doubted area_m2 quantity_g operator"
        " weather pest reason note corrected void batch version",
    },
    "entry_input": {
        EVERYBODY: "name interval_days",
        OFFICE: "actives amount unit water_ml batch_number",
    },
    "certificate": {
        EVERYBODY: "number body_name body_code issued_on valid_from valid_to in_conversion"
        " conversion_from grade points confirmation disputed status",
        OFFICE: "uid number_key area_m2 expected_output_g created_at version",
    },
    "certificate_step": {EVERYBODY: "status effective_on", OFFICE: "reason recorded_at"},
    "certificate_member": {OFFICE: "since until"},
    "label_print": {EVERYBODY: "snapshot printed_at", OFFICE: "uid form copies start_at"},
    "print_run": {
        EVERYBODY: "language pack_g created_at",
        OFFICE: "uid output dpi start_at serialised key_id reprint_reason total frozen state"
        " stopped_because size ready_at verified_at version",
    },
    "print_run_lot": {EVERYBODY: "said", OFFICE: "first_index last_index"},
    "label_mark": {EVERYBODY: "kind cause marked_at", OFFICE: "first_index last_index reason"},
    "product": {
        EVERYBODY: "uid name_vi name_en name_zh brand gtin pack_g holds_count best_before_days"
        " storage warning withdrawn_on",
        OFFICE: "name_key marks_sold marks_opened created_at version",
    },
    "season_declaration": {
        EVERYBODY: "starts_on harvest_from harvest_to market ended_on",
        OFFICE: "uid variety area_m2 expected_output_g intercropped declared_at actual_output_g"
        " reported_at version",
    },
    "lab_report": {
        EVERYBODY: "sampler laboratory accreditation designation number sampled_on reported_on"
        " verdict",
        OFFICE: "uid note corrected recorded_at withdrawn_at withdrawn_reason version",
    },
    "lab_result": {
        EVERYBODY: "rank analyte analyte_group amount value unit loq limit_value limit_ref"
        " limit_confidence verdict",
    },
    "lab_paper": {OFFICE: "uid filename media_type size pages sha256 added_at"},
    "crop": {
        EVERYBODY: "slug name_vi name_en name_zh name_key scientific_name family policy_group"
        " native perennial perennial_confidence identity_confidence hs_code hs_code_verified"
        " note source",
    },
}


class Hidden(Exception):
    """The story reached for a field that its reader may not see: a fault of ours, never an answer."""


def may_see(
    audience: Audience, table: str, field: str, *, agreed: bool = False, said: bool = False
) -> bool:
    """Whether somebody may see a column: whom it concerns `agreed`, its reason was `said` to all."""
    opened = {AGREED: agreed, SAID: said}
    return any(
        field in fields.split() and (audience in _SEES[group] or opened.get(group, False))
        for group, fields in VISIBLE.get(table, {}).items()
    )


def shown(
    row: Row,
    to: Audience = Audience.PUBLIC,
    *,
    agreed: bool = False,
    said: bool = False,
) -> Row:
    """The row as somebody may see it: reaching for another of its columns raises Hidden."""
    return cast("Row", _Shown(row, to, agreed=agreed, said=said))


class _Shown:
    """Stands before a row."""

    def __init__(self, row: SQLModel, to: Audience, *, agreed: bool, said: bool) -> None:
        self._row, self._to, self._agreed, self._said = row, to, agreed, said

    def __getattr__(self, field: str) -> Any:
        table = str(self._row.__tablename__)
        if not may_see(self._to, table, field, agreed=self._agreed, said=self._said):
            raise Hidden(f"{table}.{field} is not for {self._to}")
        return getattr(self._row, field)
