"""Who may do what with a drill, beyond the reach of its role. Pure."""

from app.accounts.caller import Caller
from app.accounts.reach import Reach
from app.errors import Forbidden
from app.kit.messages import say
from app.models.drills import Drill


def leads(drill: Drill, caller: Caller, within: Reach) -> bool:
    """Who began a drill leads it, and so does every authority."""
    return drill.organisation_id == caller.organisation_id or within.everything


def require_leader(drill: Drill, caller: Caller, within: Reach) -> None:
    """Refuse whoever is only asked in a drill."""
    if not leads(drill, caller, within):
        raise Forbidden(say("Only who began this drill may do this."))
