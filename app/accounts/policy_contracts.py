"""Who may do what with contracts: lines of the one table in `policy.py`. Same columns, same cells.

The buyer of a contract, when it is an organisation of the system, reads it once it is signed; whoever
delivers by it writes it down, and its manager signs, ends and cancels it.
"""

CONTRACTS: dict[str, str] = {
    # pages
    "contracts_page": "- - o o - a a",
    "contract_page": "- - o o - a a",
    "new_contract_page": "- - o o - - -",
    "draft_contract_form": "- - o o - - -",
    "edit_contract_page": "- - o o - - -",
    "amend_contract_form": "- - o o - - -",
    "sign_contract_form": "- - - o - - -",
    "end_contract_form": "- - - o - - -",
    "cancel_contract_form": "- - - o - - -",
    # API
    "list_contracts": "- - o o - a a",
    "read_contract": "- - o o - a a",
    "draft_contract": "- - o o - - -",
    "amend_contract": "- - o o - - -",
    "sign_contract": "- - - o - - -",
    "end_contract": "- - - o - - -",
    "cancel_contract": "- - - o - - -",
}
