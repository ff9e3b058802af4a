"""What the law and an officer say of a product: dated permissions, and exceptions with a reason."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.input_words import interval_of, record_input, required, text_of
from app.catalogue.queries import chosen_crop
from app.errors import Conflict, FieldError, Refused, refuse
from app.kit.messages import say
from app.ledger.actors import Actor
from app.models.catalogue import Confidence, Crop, RowSource
from app.models.inputs import InputProduct, Permission, ProductPermission, UseException

SHORTEST_REASON = 10


@dataclass(frozen=True)
class PermissionDetails:
    """Since when a product is on the list, off it or banned, and which act says so."""

    status: Permission
    valid_from: date
    legal_ref: str
    confidence: Confidence
    valid_to: date | None = None


@dataclass(frozen=True)
class ExceptionDetails:
    """Why a product may be used on a crop it is not registered for, from when until when."""

    crop: str
    reason: str
    valid_from: date
    valid_to: date | None = None
    interval_days: int | None = None


def set_permission(
    session: Session, *, product: InputProduct, details: PermissionDetails, by: Actor, now: datetime
) -> ProductPermission:
    """Say what the list says of a product from a day on: a new row, never a rewritten one."""
    if details.valid_to is not None and details.valid_to < details.valid_from:
        raise refuse("valid_to", say("The last day lies before the first."))
    _require_new_permission(session, product, details)
    permission = ProductPermission(
        product_id=product.pk,
        status=details.status,
        valid_from=details.valid_from,
        valid_to=details.valid_to,
        legal_ref=required("legal_ref", details.legal_ref, longest=300),
        confidence=details.confidence,
        source=RowSource.EDITED,
    )
    session.add(permission)
    session.flush()
    facts: dict[str, object] = {
        "status": details.status,
        "valid_from": details.valid_from,
        "valid_to": details.valid_to,
        "legal_ref": permission.legal_ref,
        "confidence": details.confidence,
    }
    record_input(session, product, "input.permission_set", facts, by=by, now=now)
    return permission


def except_use(
    session: Session,
    *,
    product: InputProduct,
    details: ExceptionDetails,
    organisation_id: int | None,
    by: Actor,
    now: datetime,
) -> UseException:
    """Let a product be used on a crop it is not registered for: by everybody, or one organisation."""
    crop = chosen_crop(session, details.crop, field="crop")
    reason = text_of("reason", details.reason, longest=500)
    if len(reason) < SHORTEST_REASON:
        raise refuse("reason", say("Say why, in a few words."))
    if details.valid_to is not None and details.valid_to < details.valid_from:
        raise refuse("valid_to", say("The last day lies before the first."))
    made = UseException(
        product_id=product.pk,
        crop_id=crop.pk,
        organisation_id=organisation_id,
        interval_days=interval_of(details.interval_days),
        reason=reason,
        valid_from=details.valid_from,
        valid_to=details.valid_to,
        recorded_at=now,
    )
    session.add(made)
    session.flush()
    record_input(session, product, "input.excepted", _exception_facts(made, crop), by=by, now=now)
    return made


def end_exception(
    session: Session, *, exception: UseException, by: Actor, now: datetime
) -> UseException:
    """Take an exception back. Refused when it was taken back before."""
    if exception.ended_at is not None:
        raise Refused(say("The exception was taken back already."))
    exception.ended_at = now
    product = session.get_one(InputProduct, exception.product_id)
    facts: dict[str, object] = {"exception": exception.uid}
    record_input(session, product, "input.exception_ended", facts, by=by, now=now)
    return exception


def _require_new_permission(
    session: Session, product: InputProduct, details: PermissionDetails
) -> None:
    wanted = select(col(ProductPermission.id)).where(
        col(ProductPermission.product_id) == product.pk,
        col(ProductPermission.status) == details.status,
        col(ProductPermission.valid_from) == details.valid_from,
    )
    if session.execute(wanted).first() is not None:
        why = say("This is written down from {day} on already.", day=details.valid_from)
        raise Conflict(why, FieldError("valid_from", why))


def _exception_facts(made: UseException, crop: Crop) -> dict[str, object]:
    return {
        "exception": made.uid,
        "crop": crop.slug,
        "for_one_organisation": made.organisation_id is not None,
        "interval_days": made.interval_days,
        "reason": made.reason,
        "valid_from": made.valid_from,
        "valid_to": made.valid_to,
    }
