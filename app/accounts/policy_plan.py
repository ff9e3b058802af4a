"""The lines of the policy table about the plan: its desk, its reports, open data. Same columns, same cells."""

PLAN: dict[str, str] = {
    # the desk of the province
    "plan_page": "- - - - - a a",
    "plan_file": "- - - - - a a",
    "plan_tables_page": "- - - - - a a",
    "plan_tables_file": "- - - - - a a",
    "plan_rows_page": "- - - - - a a",
    "plan_rows_file": "- - - - - a a",
    "plan_map_page": "- - - - - a a",
    "plan_map_file": "- - - - - a a",
    "plan_trends_page": "- - - - - a a",
    "plan_trends_file": "- - - - - a a",
    "plan_targets_page": "- - - - - a a",
    "plan_targets_file": "- - - - - a a",
    # one's own views
    "plan_views_page": "- - - - - a a",
    "keep_plan_view_form": "- - - - - a a",
    "drop_plan_view_form": "- - - - - a a",
    "plan_advice_page": "- - - - - a a",
    "plan_registers_page": "- - - - - a a",
    "plan_list_page": "- - - - - a a",
    "plan_list_file": "- - - - - a a",
    "plan_supply_page": "- - - - - a a",
}
