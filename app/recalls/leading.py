"""Who may do what with a recall, beyond the reach of its role. Pure."""

from app.accounts.caller import Caller
from app.errors import Forbidden
from app.kit.messages import say
from app.models.accounts import Role
from app.models.recalls import Recall, RecallKind

OFFICIALS = frozenset({Role.INSPECTOR, Role.PROVINCE_ADMIN})


def leads(recall: Recall, caller: Caller) -> bool:
    """An authority leads every recall; a facility the voluntary ones of its own goods."""
    if caller.role in OFFICIALS:
        return True
    own = recall.organisation_id == caller.organisation_id
    return own and caller.role is Role.COOP_ADMIN and recall.kind is RecallKind.VOLUNTARY


def require_leader(recall: Recall, caller: Caller) -> None:
    """Refuse whoever does not lead a recall."""
    if not leads(recall, caller):
        raise Forbidden(say("Only who decided this recall may do this."))


def sees_all(recall: Recall, caller: Caller) -> bool:
    """Whether somebody sees all of a recall: who only has goods of it does not see other buyers."""
    return caller.role in OFFICIALS or recall.organisation_id == caller.organisation_id
