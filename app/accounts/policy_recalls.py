"""Who may do what with recalls: lines of the one table in `policy.py`.

Who leads a recall is decided inside: an authority every one, a facility its own voluntary ones.
"""

RECALLS: dict[str, str] = {
    "list_recalls": "- - o o - a a",
    "open_recall": "- - - o - a a",
    "read_recall": "- - o o - a a",
    "list_recall_lots": "- - o o - a a",
    "list_recall_consignees": "- - o o - a a",
    "list_recall_disposals": "- - o o - a a",
    "decide_recall": "- - - o - a a",
    "write_recall_decision": "- - - - - a a",
    "extend_recall": "- - - o - a a",
    "answer_recall": "- - o o - - -",
    "make_recall_link": "- - o o - - -",
    "take_back_recalled": "- - o o - - -",
    "dispose_recalled": "- - o o - - -",
    "agree_recall": "- - - - - a a",
    "end_recall": "- - - o - a a",
    "reopen_recall": "- - - o - a a",
    "report_recall": "- - - o - - -",
    "lift_recall": "- - - o - a a",
    # pages
    "recalls_page": "- - o o - a a",
    "new_recall_page": "- - - o - a a",
    "open_recall_form": "- - - o - a a",
    "recall_page": "- - o o - a a",
    "recall_report_file": "- - o o - a a",
    "disposal_photo": "- - o o - a a",
    "decide_recall_form": "- - - o - a a",
    "write_decision_form": "- - - - - a a",
    "extend_recall_form": "- - - o - a a",
    "agree_recall_form": "- - - - - a a",
    "end_recall_form": "- - - o - a a",
    "reopen_recall_form": "- - - o - a a",
    "lift_recall_form": "- - - o - a a",
    "report_recall_form": "- - - o - - -",
    "answer_recall_form": "- - o o - - -",
    "dispose_recalled_form": "- - o o - - -",
    "take_back_recalled_form": "- - o o - - -",
    "make_recall_link_form": "- - o o - - -",
}
