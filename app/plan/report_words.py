"""What an officer adds to a report: the letterhead, and what figures cannot say. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace

from pydantic import TypeAdapter

from app.kit.text import clean, fold

LONGEST_LINE = 200
LONGEST_TEXT = 6_000
# Text of several lines; the other fields are one line each.
TEXTS = ("recipients", "assessment", "difficulties", "proposals", "outlook")


@dataclass(frozen=True)
class ReportWords:
    """The parts of the form (NĐ 30/2020/NĐ-CP, Phụ lục I) that are not figures.

    `superior` and `office` head the page, `place` stands before the day. `symbol` follows the
    number (`BC-CCTTBVTV`); the number itself is written in when the office registers the report.
    """

    superior: str = "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG TỈNH LÀO CAI"
    office: str = ""
    symbol: str = "BC"
    place: str = "Lào Cai"
    addressee: str = "Sở Nông nghiệp và Môi trường tỉnh Lào Cai"
    signer_title: str = "THỦ TRƯỞNG CƠ QUAN"
    signer: str = ""
    recipients: str = "Như trên;\nUBND tỉnh (báo cáo);\nLưu: VT."
    assessment: str = ""
    difficulties: str = ""
    proposals: str = ""
    outlook: str = ""


_WORDS = TypeAdapter(ReportWords)
# Whoever is the addressee of others' reports sends its own one step up.
ABOVE = "Ủy ban nhân dân tỉnh Lào Cai"
NAMES = tuple(one.name for one in fields(ReportWords))


def first_words(office: str) -> ReportWords:
    """The form as an office finds it the first time: it reports to the Department, the Department above."""
    words = ReportWords(office=office)
    if fold(words.addressee) not in fold(office):
        return words
    return replace(words, superior=ABOVE.upper(), addressee=ABOVE, recipients="Như trên;\nLưu: VT.")


def cleaned_words(given: Mapping[str, str], *, before: ReportWords) -> ReportWords:
    """The words with what is given in place of what stood; TextRefused for what no text is."""
    kept = asdict(before)
    for name in NAMES:
        if name in given:
            many = name in TEXTS
            longest = LONGEST_TEXT if many else LONGEST_LINE
            kept[name] = clean(given[name], longest=longest, multiline=many)
    return ReportWords(**kept)


def words_written(words: ReportWords) -> str:
    """The words as they are kept."""
    return _WORDS.dump_json(words).decode()


def words_read(text: str) -> ReportWords:
    """The words from the text that was kept."""
    return _WORDS.validate_json(text)
