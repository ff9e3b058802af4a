"""Planting-area codes: how each scheme writes one and reads it back, however it was typed. Pure.

Which scheme is in force on a day is a dated legal rule; here is only the form of the code.
Forms: QĐ 3156/QĐ-BNN-TT (2022), TCCS 774:2020/BVTV, NĐ 38/2026/NĐ-CP (read off one example).
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date

from app.kit.text import fold
from app.models.registry import CodeScheme

LONGEST_CODE = 60
SHORTEST_EXTERNAL = 4
LONGEST_TOKEN_NAME = 18

# Whatever stands between the parts: spaces, dots, slashes, every dash of Unicode.
_SEPARATORS = re.compile(r"[\s._/\u2010-\u2015\u2212-]+")
_QD3156 = re.compile(r"VN([0-9]{2})([0-9]{3})([0-9]{5})([0-9]{2,4})([0-9]{2})")
_TCCS774 = re.compile(r"VN([A-Z]{2,3})(OR|PH)([0-9]{3,4})")
_ND38 = re.compile(r"([0-9]{2})(PUC|PHC)([A-Z0-9]{2,20})([0-9]{6})([A-Z]{3})")


class SerialsExhausted(ValueError):
    """The form of the scheme has no room for a further serial in this scope."""


@dataclass(frozen=True)
class Qd3156Code:
    """`VN-province-district-commune-serial-year` (QĐ 3156/QĐ-BNN-TT): codes of QĐ 124/2004/QĐ-TTg."""

    province: str
    district: str
    commune: str
    serial: int
    year: int

    def __str__(self) -> str:
        return f"VN-{self.province}-{self.district}-{self.commune}-{self.serial:02}-{self.year:02}"


@dataclass(frozen=True)
class Tccs774Code:
    """`VN-XXOR-0000` (TCCS 774:2020/BVTV, export); `PH` marks a packing house (TCCS 775)."""

    letters: str
    kind: str
    serial: str

    def __str__(self) -> str:
        return f"VN-{self.letters}{self.kind}-{self.serial}"


@dataclass(frozen=True)
class Nd38Code:
    """`province-PUC-CROP01-000001-market` (NĐ 38/2026/NĐ-CP); `PHC` marks a packing house."""

    province: str
    kind: str
    crop: str
    serial: int
    market: str

    def __str__(self) -> str:
        return f"{self.province}-{self.kind}-{self.crop}-{self.serial:06}-{self.market}"


@dataclass(frozen=True)
class ExternalCode:
    """A code as another authority issued it: kept as it stands, its parts unknown to us."""

    text: str

    def __str__(self) -> str:
        return self.text


AnyCode = Qd3156Code | Tccs774Code | Nd38Code | ExternalCode


@dataclass(frozen=True)
class Grounds:
    """Where, for what and when a code is issued. `market` is how the code names it."""

    province: str
    district: str
    commune: str
    crop_token: str
    market: str
    decided_on: date


def scope_of(scheme: CodeScheme, grounds: Grounds) -> str:
    """Within what the serial counts on, gaplessly from 1 (the acts do not say; the narrowest)."""
    match scheme:
        case CodeScheme.QD3156_2022:
            year = f"{grounds.decided_on:%y}"
            return f"{grounds.province}-{grounds.district}-{grounds.commune}-{year}"
        case CodeScheme.ND38_2026:
            return f"{grounds.province}-PUC-{grounds.crop_token}-{grounds.market}"
        case CodeScheme.TCCS774_2020 | CodeScheme.EXTERNAL:
            raise ValueError(f"{scheme} codes are issued elsewhere and typed in")


def made(scheme: CodeScheme, grounds: Grounds, serial: int) -> Qd3156Code | Nd38Code:
    """The code with this serial, of a scheme that is issued here (QD3156_2022, ND38_2026).

    Raises SerialsExhausted when the form has no room for the serial.
    """
    code: Qd3156Code | Nd38Code
    match scheme:
        case CodeScheme.QD3156_2022:
            code = Qd3156Code(
                province=grounds.province,
                district=grounds.district,
                commune=grounds.commune,
                serial=serial,
                year=grounds.decided_on.year % 100,
            )
        case CodeScheme.ND38_2026:
            code = Nd38Code(
                province=grounds.province,
                kind="PUC",
                crop=grounds.crop_token,
                serial=serial,
                market=grounds.market,
            )
        case CodeScheme.TCCS774_2020 | CodeScheme.EXTERNAL:
            raise ValueError(f"{scheme} codes are issued elsewhere and typed in")
    if read(scheme, str(code)) != code:
        raise SerialsExhausted(scope_of(scheme, grounds))
    return code


def read(scheme: CodeScheme, typed: str) -> AnyCode | None:
    """The code of a scheme in what was typed: any case, any separators or none. None: not its form.

    The form never expires: a code of a scheme that ended long ago is read like on its first day.
    """
    return _READERS[scheme](typed)


def read_any(typed: str) -> tuple[CodeScheme, AnyCode] | None:
    """The code in what was typed, of whichever scheme has its form; EXTERNAL when none has."""
    for scheme in (CodeScheme.QD3156_2022, CodeScheme.ND38_2026, CodeScheme.TCCS774_2020):
        code = read(scheme, typed)
        if code is not None:
            return scheme, code
    external = read(CodeScheme.EXTERNAL, typed)
    return None if external is None else (CodeScheme.EXTERNAL, external)


def scheme_of(typed: str) -> CodeScheme:
    """The scheme whose form a code has; EXTERNAL when none has it."""
    found = read_any(typed)
    return found[0] if found else CodeScheme.EXTERNAL


def parts_of(code: AnyCode) -> dict[str, str | int]:
    """The parts a code is made of, by name."""
    return asdict(code)


def key_of(code: str) -> str:
    """What every way of typing one code has in common: its letters and digits alone, lower case."""
    return fold(code).replace(" ", "")


def default_token(slug: str) -> str:
    """A crop in an ND38_2026 code, unless the law lists its token: `BAP_CAI` becomes `BAPCAI01`.

    In the one code seen the name is followed by 01 (CHANHDAY01); what that counts is not known.
    """
    return re.sub(r"[^A-Z0-9]", "", slug.upper())[:LONGEST_TOKEN_NAME] + "01"


def _bare(typed: str) -> str:
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed)).upper()


def _read_qd3156(typed: str) -> Qd3156Code | None:
    found = _QD3156.fullmatch(_bare(typed))
    if found is None or int(found[4]) == 0:
        return None
    return Qd3156Code(found[1], found[2], found[3], serial=int(found[4]), year=int(found[5]))


def _read_tccs774(typed: str) -> Tccs774Code | None:
    found = _TCCS774.fullmatch(_bare(typed))
    return None if found is None else Tccs774Code(*found.groups())


def _read_nd38(typed: str) -> Nd38Code | None:
    found = _ND38.fullmatch(_bare(typed))
    if found is None or int(found[4]) == 0:
        return None
    return Nd38Code(found[1], found[2], found[3], serial=int(found[4]), market=found[5])


def _read_external(typed: str) -> ExternalCode | None:
    text = " ".join(typed.split())
    readable = text.isprintable() and any(character.isdigit() for character in text)
    fits = len(key_of(text)) >= SHORTEST_EXTERNAL and len(text) <= LONGEST_CODE
    return ExternalCode(text) if readable and fits else None


_READERS: dict[CodeScheme, Callable[[str], AnyCode | None]] = {
    CodeScheme.QD3156_2022: _read_qd3156,
    CodeScheme.TCCS774_2020: _read_tccs774,
    CodeScheme.ND38_2026: _read_nd38,
    CodeScheme.EXTERNAL: _read_external,
}
