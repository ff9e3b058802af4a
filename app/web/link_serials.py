"""What the number of a label is worth that a Digital Link names: proven, impossible to check, or invented."""

from starlette.requests import Request

from app.db import open_read_session
from app.kit.messages import say
from app.labels.run_files import keys_in
from app.labels.serials import bare_serial
from app.models.scans import NOT_MADE_HERE
from app.provenance.resolved import Unknown, WrongWay
from app.scans.label_queries import read_label
from app.web.kept_links import keys_of
from app.web.visits import counter_of, device_now, is_visit


def proven_serial(request: Request, lot: str, serial: str | None) -> str | None:
    """The serial as it was printed; an invented one is never passed over: Unknown, and counted.

    Where a secret is missing nobody can say: the label's own page says that.
    """
    if serial is None:
        return None
    state = request.app.state
    proven = keys_of(state).read(lot, serial)
    if proven is not None:
        return proven
    typed = bare_serial(serial)
    if typed.isalnum():
        with open_read_session(state.engine) as session:
            if not read_label(session, lot, typed, keys_in(state.settings.data_dir)).checkable:
                return typed
    _count_invented(request, lot)
    why = say("The label number {serial} was not made here for this lot.", serial=serial)
    raise Unknown(WrongWay.UNPROVEN, why)


def _count_invented(request: Request, lot: str) -> None:
    """As the page of a label counts it, for nobody is led there: many of them raise an alert."""
    scope, counter = request.scope, counter_of(request.app.state)
    if counter is not None and is_visit(scope, dict(scope["headers"])):
        counter.count_label(lot, NOT_MADE_HERE, device_now(request), ())
