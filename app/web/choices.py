"""What drop-downs offer."""

from datetime import date

from sqlmodel import Session

from app.kit.i18n import Language
from app.places.queries import communes_on, former_communes
from app.web.words import MARKETS

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
