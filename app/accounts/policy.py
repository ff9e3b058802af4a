"""The one table of who may do what: every route by name, every role, own organisation or all.

A route that is not here answers nobody (deny by default) and fails the build
(`tests/contracts/test_policy.py` walks the running application). The lines stand in the modules
`policy_*.py` beside this one; a name that stands in two of them fails at import.

Columns: public · grower · staff · coop_admin · certifier · inspector · province_admin.
Cells: `-` no · `o` objects of the own organisation (others are 404) · `a` all.
"""

from app.accounts.access import COLUMNS, EVERYBODY, SIGNED_IN, Access, Scope, line
from app.accounts.policy_api import API
from app.accounts.policy_contracts import CONTRACTS
from app.accounts.policy_desk import DESK
from app.accounts.policy_growing import GROWING
from app.accounts.policy_inspection import INSPECTION
from app.accounts.policy_log import LOG
from app.accounts.policy_movements import MOVEMENTS
from app.accounts.policy_plan import PLAN
from app.accounts.policy_plan_reports import PLAN_REPORTS
from app.accounts.policy_printing import PRINTING
from app.accounts.policy_products import PRODUCTS
from app.accounts.policy_public import PUBLIC
from app.accounts.policy_recalls import RECALLS
from app.accounts.policy_scans import SCANS
from app.accounts.policy_tracing import TRACING
from app.accounts.policy_work import WORK

__all__ = ["COLUMNS", "EVERYBODY", "POLICY", "SIGNED_IN", "Access", "Scope", "access_to", "line"]


def _one_table(*parts: dict[str, Access]) -> dict[str, Access]:
    whole = {name: access for part in parts for name, access in part.items()}
    if len(whole) < sum(map(len, parts)):
        raise ValueError("a route has two lines")
    return whole


POLICY: dict[str, Access] = _one_table(
    PUBLIC,
    WORK,
    DESK,
    API,
    LOG,
    *(
        {name: line(cells) for name, cells in part.items()}
        for part in (
            CONTRACTS,
            GROWING,
            INSPECTION,
            MOVEMENTS,
            PLAN,
            PLAN_REPORTS,
            PRINTING,
            PRODUCTS,
            RECALLS,
            SCANS,
            TRACING,
        )
    ),
)

# All that somebody reaches whose role must have a second step at sign-in and has not.
BEFORE_ENROLMENT = frozenset(
    {
        "sign_out",
        "account_page",
        "change_password_form",
        "start_second_factor_form",
        "second_factor_page",
        "confirm_second_factor_form",
    }
)


def access_to(route_name: str) -> Access | None:
    """The line of a route, or None when nobody declared it."""
    return POLICY.get(route_name)
