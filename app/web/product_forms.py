"""What a clerk types about a product, read leniently; and a product as its form shows it."""

from decimal import Decimal

from app.catalogue.gs1_numbers import shown_gtin
from app.catalogue.product_commands import ProductDetails
from app.catalogue.product_queries import ProductLine
from app.web.forms import Typed

_KILOGRAM = 1_000


def details_of(typed: Typed) -> ProductDetails:
    """The product as the form describes it; Refused with everything that cannot be read."""
    details = ProductDetails(
        crop=typed.text("crop", longest=40, required=True),
        name_vi=typed.text("name_vi", longest=120, required=True),
        name_en=typed.text("name_en", longest=120),
        name_zh=typed.text("name_zh", longest=120),
        brand=typed.text("brand", longest=80),
        gtin=typed.text("gtin", longest=300),
        pack_g=typed.mass("pack_g", "pack_unit").value if typed.raw("pack_g").strip() else None,
        holds=typed.uid("holds"),
        holds_count=typed.whole("holds_count", default=0) if typed.raw("holds_count") else None,
        best_before_days=typed.whole("best_before_days", default=0)
        if typed.raw("best_before_days").strip()
        else None,
        storage=typed.text("storage", longest=160),
        warning=typed.text("warning", longest=160),
        marks_sold=typed.ticked("marks_sold"),
        marks_opened=typed.ticked("marks_opened"),
    )
    typed.done()
    return details


def as_typed(line: ProductLine) -> dict[str, str]:
    """The fields of a product's form with what is known."""
    product = line.product
    weight, unit = _weight(product.pack_g)
    return {
        "crop": line.crop.slug,
        "name_vi": product.name_vi,
        "name_en": product.name_en,
        "name_zh": product.name_zh,
        "brand": product.brand,
        "gtin": shown_gtin(product.gtin) if product.gtin else "",
        "pack_g": weight,
        "pack_unit": unit,
        "holds": str(line.held.uid) if line.held else "",
        "holds_count": str(product.holds_count or ""),
        "best_before_days": str(product.best_before_days or ""),
        "storage": product.storage,
        "warning": product.warning,
        "marks_sold": "yes" if product.marks_sold else "",
        "marks_opened": "yes" if product.marks_opened else "",
        "version": str(product.version),
    }


def _weight(grams: int | None) -> tuple[str, str]:
    """As a clerk writes it: "800" g, "1,5" kg."""
    if grams is None:
        return "", "g"
    if grams < _KILOGRAM:
        return str(grams), "g"
    return f"{Decimal(grams) / _KILOGRAM:f}".replace(".", ","), "kg"
