"""Who may follow lots: cells of the one table in `policy.py`. Own lots and a step to partners, or all."""

TRACING: dict[str, str] = {
    "desk_trace_page": "- - - - - a a",
    "desk_trace_file": "- - - - - a a",
    "trace_page": "- - o o - - -",
    "trace_file": "- - o o - - -",
    "read_trace": "- - o o - a a",
}
