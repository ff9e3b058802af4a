"""What a clerk types about a contract, read leniently; and a contract as its form shows it."""

from datetime import date

from app.accounts.reach import Reach
from app.catalogue.product_queries import product_line
from app.contracts.commands import Terms
from app.contracts.queries import ContractTold
from app.contracts.rules import Period
from app.deps import Call
from app.kit.quantities import Grams
from app.web.forms import Typed
from app.web.movement_forms import doer_of, receiver_typed

TONNE, KILOGRAM = 1_000_000, 1_000
UNITS = [("kg", "kg"), ("tan", "tấn")]


def terms_typed(typed: Typed, call: Call) -> Terms:
    """The contract as the form describes it; a buyer that is new is written down on the way."""
    number = typed.text("number", longest=60, required=True)
    crop = typed.text("crop", longest=40, required=True)
    quantity = typed.mass("quantity_g", "quantity_unit")
    price = typed.amount("price_dong", factor=1)
    period = Period(
        typed.day("starts_on", required=True) or date.min,
        typed.day("ends_on", required=True) or date.min,
    )
    product = typed.uid("product")
    note = typed.text("note", longest=500, multiline=True)
    typed.done()
    buyer, party = receiver_typed(typed, call, doer_of(call))
    own = Reach.own(call.caller.organisation_id)
    return Terms(
        number=number,
        crop=crop,
        quantity=quantity,
        period=period,
        buyer=buyer,
        party=party,
        product=product_line(call.session, product, within=own).product if product else None,
        price_dong=price,
        note=note,
    )


def as_typed(told: ContractTold) -> dict[str, str]:
    """The fields of a contract's form with what is known."""
    row = told.contract
    buyer = f"o:{told.buyer.uid}" if told.buyer else f"p:{told.party.uid}" if told.party else ""
    tonnes = row.quantity_g % TONNE == 0
    weight = Grams(row.quantity_g).kg / (KILOGRAM if tonnes else 1)
    return {
        "number": row.number,
        "receiver": buyer,
        "crop": told.crop.slug,
        "product": str(told.product.uid) if told.product else "",
        "quantity_g": f"{weight.normalize():f}".replace(".", ","),
        "quantity_unit": "tan" if tonnes else "kg",
        "price_dong": str(row.price_dong or ""),
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "note": row.note,
        "version": str(row.version),
    }
