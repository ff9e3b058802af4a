"""The one table of who may do what: every route by name, every role, own organisation or all.

A route that is not here answers nobody (deny by default) and fails the build
(`tests/contracts/test_policy.py` walks the running application).

Columns: public · grower · staff · coop_admin · certifier · inspector · province_admin.
Cells: `-` no · `o` objects of the own organisation (others are 404) · `a` all.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.accounts.printing_policy import PRINTING
from app.models.accounts import Role


class Scope(StrEnum):
    NO = "-"
    OWN = "o"
    ALL = "a"


COLUMNS: tuple[Role | None, ...] = (
    None,
    Role.GROWER,
    Role.STAFF,
    Role.COOP_ADMIN,
    Role.CERTIFIER,
    Role.INSPECTOR,
    Role.PROVINCE_ADMIN,
)


@dataclass(frozen=True)
class Access:
    """One line of the table."""

    cells: tuple[Scope, ...]

    def scope(self, role: Role | None) -> Scope:
        """What a role (None: the anonymous public) may reach."""
        return self.cells[COLUMNS.index(role)]

    @property
    def public(self) -> bool:
        return self.cells[0] is not Scope.NO


def line(cells: str) -> Access:
    """Seven cells, separated by spaces, in the order of COLUMNS."""
    scopes = tuple(Scope(cell) for cell in cells.split())
    if len(scopes) != len(COLUMNS):
        raise ValueError(f"{len(COLUMNS)} cells wanted: {cells}")
    return Access(scopes)


EVERYBODY = line("a a a a a a a")
SIGNED_IN = line("- a a a a a a")

POLICY: dict[str, Access] = {
    # public pages and machine-readable twins
    "healthz": EVERYBODY,
    "static": EVERYBODY,
    "home_page": EVERYBODY,
    "find_page": EVERYBODY,
    "scan_photo": EVERYBODY,
    "lot_story_page": EVERYBODY,
    "problem_page": EVERYBODY,
    "code_certificate": EVERYBODY,
    "sign_in_page": EVERYBODY,
    "sign_in": EVERYBODY,
    "welcome_page": EVERYBODY,
    "welcome": EVERYBODY,
    "choose_language": EVERYBODY,
    "openapi": EVERYBODY,
    "read_public_lot": EVERYBODY,
    "register_page": EVERYBODY,
    "register_csv": EVERYBODY,
    "register_xlsx": EVERYBODY,
    "register_geojson": EVERYBODY,
    "register_area_page": EVERYBODY,
    "list_register": EVERYBODY,
    "read_registered_area": EVERYBODY,
    # pages: the clerk's and the grower's
    "role_home": SIGNED_IN,
    "notices_page": line("- o o o o o o"),
    "mark_notices_read_form": line("- - o o o o o"),
    "open_notice_form": line("- - o o o o o"),
    "work_page": line("- o o o - - -"),
    "lots_page": line("- o o o - - -"),
    "new_lot_page": line("- o o o - - -"),
    "record_lot_form": line("- o o o - - -"),
    "lot_page": line("- o o o - - -"),
    "amend_lot_form": line("- - o o - - -"),
    "seal_lot_form": line("- - o o - - -"),
    "withdraw_lot_form": line("- - o o - - -"),
    "recall_lot_form": line("- - - o - - -"),
    "print_labels_form": line("- - o o - - -"),
    "label_file": line("- - o o - a a"),
    "areas_page": line("- o o o - - -"),
    "new_area_page": line("- - o o - - -"),
    "register_area_form": line("- - o o - - -"),
    "area_page": line("- o o o - - -"),
    "edit_area_page": line("- - o o - - -"),
    "amend_area_form": line("- - o o - - -"),
    "boundary_page": line("- - o o - - -"),
    "boundary_form": line("- - o o - - -"),
    "read_boundaries_form": line("- - o o - - -"),
    "documents_page": line("- - o o - - -"),
    "add_document_form": line("- - o o - - -"),
    "remove_document_form": line("- - o o - - -"),
    "own_document": line("- - o o - - -"),
    "any_document": line("- - - - - a a"),
    "plots_page": line("- - o o - - -"),
    "register_plot_form": line("- - o o - - -"),
    "near_own_area": line("- o o o - - -"),
    "dossier_page": line("- - o o - - -"),
    "dossier_form": line("- - o o - - -"),
    "cancel_application_form": line("- - o o - - -"),
    "own_code_page": line("- o o o - - -"),
    "give_up_code_form": line("- - - o - - -"),
    "seasons_page": line("- o o o - a a"),
    "season_page": line("- o o o - a a"),
    "new_season_page": line("- - o o - - -"),
    "declare_season_form": line("- - o o - - -"),
    "amend_season_form": line("- - o o - - -"),
    "end_season_form": line("- - o o - - -"),
    "growers_page": line("- - o o - - -"),
    "new_grower_page": line("- - o o - - -"),
    "register_grower_form": line("- - o o - - -"),
    "grower_page": line("- - o o - - -"),
    "give_consent_form": line("- - o o - - -"),
    "withdraw_consent_form": line("- - o o - - -"),
    "end_membership_form": line("- - o o - - -"),
    "certificates_page": line("- o o o o a a"),
    "new_certificate_page": line("- - - o a a -"),
    "record_certificate_form": line("- - - o a a -"),
    "certificate_page": line("- o o o o a a"),
    "certificate_status_form": line("- - - - o a a"),
    "team_page": line("- - - o - - a"),
    "invite_form": line("- - - o - - a"),
    "renew_link_form": line("- - - o - - a"),
    "disable_form": line("- - - o - - a"),
    "new_key_form": line("- - - o - - a"),
    "revoke_key_form": line("- - - o - - a"),
    # pages: the inspector's and the province's desk
    "desk_page": line("- - - - - a a"),
    "desk_scan": line("- - - - - a a"),
    "desk_lot_page": line("- - - - - a a"),
    "desk_recall": line("- - - - - a a"),
    "desk_areas_page": line("- - - - a a a"),
    "desk_area_page": line("- - - - a a a"),
    "near_any_area": line("- - - - - a a"),
    "desk_map_page": line("- - - - - a a"),
    "desk_areas_geojson": line("- - - - - a a"),
    "desk_code_page": line("- - - - - a a"),
    "warn_code_form": line("- - - - - a a"),
    "suspend_code_form": line("- - - - - a a"),
    "restore_code_form": line("- - - - - - a"),
    "revoke_code_form": line("- - - - - - a"),
    "cancel_code_form": line("- - - - - - a"),
    "reissue_code_form": line("- - - - - - a"),
    "issue_many_form": line("- - - - - - a"),
    "order_check_form": line("- - - - - a a"),
    "record_check_form": line("- - - - - a a"),
    "return_form": line("- - - - - - a"),
    "applications_page": line("- - - - - a a"),
    "application_page": line("- - - - - a a"),
    "issue_form": line("- - - - - - a"),
    "reject_form": line("- - - - - - a"),
    "organisations_page": line("- - - - a a a"),
    "register_organisation_form": line("- - - - - - a"),
    "rules_page": line("- - - - - a a"),
    "statistics_page": line("- - - - - a a"),
    "read_code_statistics": line("- - - - - a a"),
    "set_rule_form": line("- - - - - - a"),
    # accounts
    "sign_out": SIGNED_IN,
    "read_me": SIGNED_IN,
    "list_accounts": line("- - - o - - a"),
    "invite_account": line("- - - o - - a"),
    "renew_account_link": line("- - - o - - a"),
    "disable_account": line("- - - o - - a"),
    "list_api_keys": line("- - o o o o o"),
    "create_api_key": line("- - o o o o o"),
    "revoke_api_key": line("- - o o o o o"),
    # places, catalogue, plan
    "search_communes": EVERYBODY,
    "read_commune": EVERYBODY,
    "list_crops": EVERYBODY,
    "list_standards": EVERYBODY,
    "list_regulated_actives": EVERYBODY,
    "list_legal_rules": EVERYBODY,
    "set_legal_rule": line("- - - - - - a"),
    "list_plan_targets": EVERYBODY,
    # registry
    "list_organisations": line("- o o o a a a"),
    "read_organisation": line("- o o o a a a"),
    "register_organisation": line("- - - - - - a"),
    "amend_organisation": line("- - - o - - a"),
    "list_growers": line("- - o o - a a"),
    "read_grower": line("- - o o - a a"),
    "register_grower": line("- - o o - - -"),
    "amend_grower": line("- - o o - - -"),
    "end_grower_membership": line("- - o o - - -"),
    "give_grower_consent": line("- - o o - - -"),
    "withdraw_grower_consent": line("- - o o - - -"),
    "list_plots": line("- - o o - a a"),
    "read_plot": line("- - o o - a a"),
    "register_plot": line("- - o o - - -"),
    "list_areas": line("- o o o a a a"),
    "read_area": line("- o o o a a a"),
    "register_area": line("- - o o - - -"),
    "amend_area": line("- - o o - - -"),
    "list_area_seasons": line("- o o o - a a"),
    "list_seasons": line("- o o o - a a"),
    "read_season": line("- o o o - a a"),
    "declare_season": line("- - o o - - -"),
    "amend_season": line("- - o o - - -"),
    "end_season": line("- - o o - - -"),
    "list_documents": line("- - o o - a a"),
    "add_document": line("- - o o - - -"),
    "read_document": line("- - o o - a a"),
    "read_document_content": line("- - o o - a a"),
    "remove_document": line("- - o o - - -"),
    "read_dossier": line("- - o o - a a"),
    "keep_dossier": line("- - o o - - -"),
    "submit_dossier": line("- - o o - - -"),
    "list_applications": line("- - o o - a a"),
    "read_application": line("- - o o - a a"),
    "issue_code": line("- - - - - - a"),
    "issue_many": line("- - - - - - a"),
    "reject_application": line("- - - - - - a"),
    "return_application": line("- - - - - - a"),
    "cancel_application": line("- - o o - - -"),
    "order_site_check": line("- - - - - a a"),
    "record_site_check": line("- - - - - a a"),
    "warn_code": line("- - - - - a a"),
    "suspend_code": line("- - - - - a a"),
    "restore_code": line("- - - - - - a"),
    "revoke_code": line("- - - - - - a"),
    "cancel_code": line("- - - o - - a"),
    "reissue_code": line("- - - - - - a"),
    "list_decision_reasons": EVERYBODY,
    # certificates
    "list_certificates": line("- o o o o a a"),
    "read_certificate": line("- o o o o a a"),
    "record_certificate": line("- - - o a a -"),
    "suspend_certificate": line("- - - - o a a"),
    "restore_certificate": line("- - - - o a a"),
    "withdraw_certificate": line("- - - - o a a"),
    # lots
    "list_lots": line("- o o o - a a"),
    "read_lot": line("- o o o - a a"),
    "record_lot": line("- o o o - - -"),
    "amend_lot": line("- - o o - - -"),
    "seal_lot": line("- - o o - - -"),
    "withdraw_lot": line("- - o o - - -"),
    "recall_lot": line("- - - o - a a"),
    # labels
    "print_labels": line("- - o o - - -"),
    "list_label_prints": line("- - o o - a a"),
    "download_label_print": line("- - o o - a a"),
    # notices and background jobs
    "list_notices": line("- o o o o o o"),
    "read_notice": line("- - o o o o o"),
    "read_job": line("- o o o o o o"),
    # inspection and ledger
    "search_lots": line("- - o o - a a"),
    "read_lot_history": line("- - o o - a a"),
    "list_ledger_entries": line("- - - - - a a"),
}

POLICY |= {name: line(cells) for name, cells in PRINTING.items()}


def access_to(route_name: str) -> Access | None:
    """The line of a route, or None when nobody declared it."""
    return POLICY.get(route_name)
