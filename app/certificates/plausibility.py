"""What is odd about a certificate beside its days: size, output, stars, an extension, its body. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from app.catalogue.rules import Severity
from app.certificates.validity import MOST_MONTHS, Finding
from app.kit.messages import say
from app.kit.quantities import Grams, SquareMetres

GRAMS_A_KILOGRAM = 1000


@dataclass(frozen=True)
class MostOutput:
    """The most that a square metre can give in a year, by a dated rule."""

    kg_per_m2: int
    law: str
    severity: Severity


@dataclass(frozen=True)
class Stars:
    """The least points for each number of stars, and the least stars that get a certificate."""

    least_points: Mapping[str, int]
    least_stars: int
    law: str
    severity: Severity


@dataclass(frozen=True)
class Extension:
    """By how many months such a certificate may be made to run longer, by a dated rule."""

    months: int
    law: str
    severity: Severity


@dataclass(frozen=True)
class Registered:
    """A period in which a certification body is registered; `until` inclusive, None for open."""

    since: date
    until: date | None


def findings_of_area(certified_m2: int | None, registered_m2: int) -> list[Finding]:
    """More land certified than the areas named have in the register."""
    if certified_m2 is None or not registered_m2 or certified_m2 <= registered_m2:
        return []
    why = say(
        "The certificate lists {certified}; its areas have {registered} in the register.",
        certified=SquareMetres(certified_m2),
        registered=SquareMetres(registered_m2),
    )
    return [Finding("area_m2", why, Severity.WARN)]


def findings_of_output(
    expected_g: int | None, land_m2: int, most: MostOutput | None
) -> list[Finding]:
    """More expected of a year than that land can give."""
    if expected_g is None or most is None or not land_m2:
        return []
    plausible = land_m2 * most.kg_per_m2 * GRAMS_A_KILOGRAM
    if expected_g <= plausible:
        return []
    why = say(
        "{land} give at most about {most} a year; the certificate expects {expected}.",
        land=SquareMetres(land_m2),
        most=Grams(plausible),
        expected=Grams(expected_g),
    )
    return [Finding("expected_output_g", why, most.severity)]


def findings_of_stars(grade: str, points: int | None, stars: Stars | None) -> list[Finding]:
    """Stars that nobody gives or that get no certificate; points that make another number of them."""
    if stars is None:
        return []
    if grade not in stars.least_points:
        known = ", ".join(sorted(stars.least_points))
        why = say(
            "An OCOP certificate says how many stars: {known} ({law}).", known=known, law=stars.law
        )
        return [Finding("grade", why, stars.severity)]
    if int(grade) < stars.least_stars:
        why = say(
            "Only {least} stars and more get a certificate ({law}).",
            least=stars.least_stars,
            law=stars.law,
        )
        return [Finding("grade", why, stars.severity)]
    if points is None or stars_for(points, stars) == grade:
        return []
    why = say(
        "{points} points make {stars} stars ({law}).",
        points=points,
        stars=stars_for(points, stars),
        law=stars.law,
    )
    return [Finding("points", why, stars.severity)]


def stars_for(points: int, stars: Stars) -> str:
    """The stars that so many points make: the highest whose least points are reached."""
    reached = [(least, name) for name, least in stars.least_points.items() if points >= least]
    return max(reached, default=(0, "0"))[1]


def findings_of_extension(first_end: date, wanted: date, rule: Extension | None) -> list[Finding]:
    """An extension beyond what a dated rule allows, counted from the end before any extension.

    Where no rule is known the extension is odd, and kept.
    """
    if rule is None:
        why = say("No rule is known by which such a certificate can be extended.")
        return [Finding("valid_to", why, Severity.WARN)]
    if wanted <= first_end + relativedelta(months=min(rule.months, MOST_MONTHS)):
        return []
    why = say(
        "Such a certificate can be extended by at most {months} months ({law}).",
        months=rule.months,
        law=rule.law,
    )
    return [Finding("valid_to", why, rule.severity)]


def findings_of_body(issued_on: date, periods: Sequence[Registered]) -> list[Finding]:
    """A body that was not registered on the day of issue. Without any period nothing is known."""
    if not periods or any(_holds(period, issued_on) for period in periods):
        return []
    why = say("The certification body was not registered on {day}.", day=issued_on)
    return [Finding("body", why, Severity.WARN)]


def findings_of_conversion(
    *, in_conversion: bool, valid_from: date, over: date | None
) -> list[Finding]:
    """A certificate that calls land organic before its conversion can have been over."""
    if in_conversion or over is None or valid_from >= over:
        return []
    why = say(
        "Conversion is over on {day} at the earliest, after the certificate begins.", day=over
    )
    return [Finding("conversion_from", why, Severity.WARN)]


def _holds(period: Registered, day: date) -> bool:
    return period.since <= day <= (period.until or date.max)
