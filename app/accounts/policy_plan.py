"""The lines of the policy table about the plan: its desk, its reports, open data. Same columns, same cells."""

PLAN: dict[str, str] = {
    # the desk of the province
    "plan_advice_page": "- - - - - a a",
    "plan_registers_page": "- - - - - a a",
    "plan_list_page": "- - - - - a a",
    "plan_list_file": "- - - - - a a",
    "plan_supply_page": "- - - - - a a",
}
