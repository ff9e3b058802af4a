"""What drop-downs offer."""

from datetime import date

from sqlmodel import Session

from app.kit.i18n import Language
from app.places.queries import communes_on, former_communes
from app.registry.coordinate_systems import CoordinateSystem
from app.registry.markets import MARKETS

PROVINCE = "15"


def commune_choices(session: Session, day: date) -> list[tuple[str, str]]:
    """The province's communes of a day: code and name."""
    return [(unit.code, unit.name) for unit in communes_on(session, day)]


def former_commune_choices(session: Session) -> list[tuple[str, str]]:
    """The communes that are no more, with their districts."""
    return [(unit.code, f"{unit.name}, {unit.district_name}") for unit in former_communes(session)]


def market_choices(language: Language) -> list[tuple[str, str]]:
    """Markets a code can be for, the home market first."""
    return [(code, language.say(words)) for code, words in MARKETS.items()]


def coordinate_choices() -> list[tuple[str, str]]:
    """Coordinate systems: what a GPS gives, Lào Cai's own zone, then the other zones."""
    usual = [CoordinateSystem.WGS84, CoordinateSystem.VN2000_104_45]
    others = [system for system in CoordinateSystem if system not in usual]
    return [(system.value, _system_name(system)) for system in [*usual, *others]]


def _system_name(system: CoordinateSystem) -> str:
    if system is CoordinateSystem.WGS84:
        return "WGS 84 (GPS)"
    _, first, second = system.value.split("-")
    if first == "utm":
        return f"VN-2000 UTM {second}"
    return f"VN-2000, {first}°{second}\u2032"
