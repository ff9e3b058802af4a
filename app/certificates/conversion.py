"""Organic conversion: from which day what land bears is organic, and what would mend it. Pure.

TCVN 11041-2:2017 §5.1.2 counts the months of an annual crop up to its sowing, those of a perennial
up to the first harvest that is sold as organic.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from app.kit.messages import Message, say


@dataclass(frozen=True)
class Periods:
    """How many months land converts before a sowing or a harvest counts, by the dated rules."""

    annual_months: int
    perennial_months: int
    law: str


class Stage(StrEnum):
    """What a harvest of converting land may be called."""

    CONVENTIONAL = "conventional"
    IN_CONVERSION = "in_conversion"
    ORGANIC = "organic"


@dataclass(frozen=True)
class Growth:
    """What the rule needs to know of a harvest. `sown_on` None: nobody wrote the sowing down."""

    perennial: bool
    sown_on: date | None
    harvested_on: date


@dataclass(frozen=True)
class Conversion:
    """How far the conversion was for a harvest: why, and what would mend it (None: nothing to)."""

    stage: Stage
    reason: Message
    mend: Message | None = None


def conversion_over(
    conversion_from: date | None, *, perennial: bool, periods: Periods
) -> date | None:
    """The first day that counts: of a sowing for annuals, of a harvest for perennials.

    None where nobody recorded when conversion began.
    """
    if conversion_from is None:
        return None
    months = periods.perennial_months if perennial else periods.annual_months
    return conversion_from + relativedelta(months=months)


def conversion_of(
    conversion_from: date | None, growth: Growth, *, periods: Periods
) -> Conversion | None:
    """What a harvest may be called; None where conversion is not recorded and nothing can be said."""
    over = conversion_over(conversion_from, perennial=growth.perennial, periods=periods)
    if conversion_from is None or over is None:
        return None
    if growth.harvested_on < conversion_from:
        return Conversion(
            Stage.CONVENTIONAL,
            say("Conversion to organic began on {day}, after this harvest.", day=conversion_from),
            say("Harvests from that day on may say that the land is in conversion."),
        )
    if growth.perennial:
        return _of_perennial(growth, over, periods)
    return _of_annual(growth, over, periods)


def _of_annual(growth: Growth, over: date, periods: Periods) -> Conversion:
    if growth.sown_on is None:
        return Conversion(
            Stage.IN_CONVERSION,
            say("The day of sowing is not recorded, so conversion cannot be counted to its end."),
            say("Record the day of sowing; it must be {day} or later to be organic.", day=over),
        )
    if growth.sown_on >= over:
        return Conversion(
            Stage.ORGANIC,
            say("It was sown on {sown}, after conversion was over.", sown=growth.sown_on),
        )
    return Conversion(
        Stage.IN_CONVERSION,
        say(
            "It was sown on {sown}, before {months} months of conversion were over ({law}).",
            sown=growth.sown_on,
            months=periods.annual_months,
            law=periods.law,
        ),
        say("What is sown from {day} on is organic.", day=over),
    )


def _of_perennial(growth: Growth, over: date, periods: Periods) -> Conversion:
    if growth.harvested_on >= over:
        return Conversion(
            Stage.ORGANIC,
            say("It was harvested on {day}, after conversion was over.", day=growth.harvested_on),
        )
    return Conversion(
        Stage.IN_CONVERSION,
        say(
            "It was harvested before {months} months of conversion were over ({law}).",
            months=periods.perennial_months,
            law=periods.law,
        ),
        say("What is harvested from {day} on is organic.", day=over),
    )
