"""Who may see and do what with the public log: lines of the one table in `policy.py`."""

from app.accounts.access import EVERYBODY, Access, line

_OFFICERS = line("- - - - - a a")
_PROVINCE = line("- - - - - - a")

LOG: dict[str, Access] = {
    # files, pages
    "log_checkpoint": EVERYBODY,
    "log_former": EVERYBODY,
    "log_tile": EVERYBODY,
    "log_keys": EVERYBODY,
    "log_health": EVERYBODY,
    "log_page": EVERYBODY,
    "verify_lot": EVERYBODY,
    "lot_proof_page": EVERYBODY,
    "lot_evidence_file": EVERYBODY,
    "lot_proof_file": EVERYBODY,
    # the desk
    "ledger_page": _OFFICERS,
    "ledger_sheet": _OFFICERS,
    "desk_evidence_file": _OFFICERS,
    "publish_form": _PROVINCE,
    "check_form": _PROVINCE,
    "register_witness_form": _PROVINCE,
    "retire_witness_form": _PROVINCE,
    # the API
    "read_log": EVERYBODY,
    "list_checkpoints": EVERYBODY,
    "read_inclusion_proof": EVERYBODY,
    "read_consistency_proof": EVERYBODY,
    "read_lot_evidence": EVERYBODY,
    "add_cosignatures": EVERYBODY,
    "read_whole_evidence": _OFFICERS,
    "publish_checkpoint_now": _PROVINCE,
    "register_witness": _PROVINCE,
    "retire_witness": _PROVINCE,
}
