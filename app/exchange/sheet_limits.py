"""How much a spreadsheet may hold, and how the reading process says no."""

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_EMPTY_ROWS = 1_000_000
MOST_COLUMNS = 60
MOST_MERGED = 20_000
MOST_CHARACTERS_A_CELL = 32_000
MOST_CHARACTERS = 8_000_000
MOST_UNPACKED_MIB = 100
MOST_ENTRIES = 2_000
MEMORY = 128 * 1024 * 1024
CPU_SECONDS = 6
WALL_SECONDS = 8


class Refusal(Exception):
    """The file cannot be read: a code that `workbook_reading` has a sentence for, and its values."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def column_letters(number: int) -> str:
    """A for 0, AA for 26: as spreadsheets name their columns."""
    letters = ""
    left = number + 1
    while left:
        left, rest = divmod(left - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """0 for A, 26 for AA; some large number for more letters than a spreadsheet has."""
    number = 0
    for letter in letters.upper()[:8]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
