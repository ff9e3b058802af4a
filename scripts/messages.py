"""Collects sentences into app/locale/{vi,zh} and lists what is not translated yet."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
METHODS = [("**.py", "python"), ("**/templates/**", "jinja2")]
# Templates that Babel cannot parse fail: by itself it skips them and says nothing.
OPTIONS = {"**/templates/**": {"trimmed": "true", "extensions": "jinja2.ext.do", "silent": "false"}}
KEYWORDS = {"say": (1,), "_": None, "gettext": None, "ngettext": (1, 2)}
LOCALES = {"vi": "vi", "zh": "zh_Hans"}


def main() -> None:
    """Update both catalogues; sentences nobody says any more leave them."""
    found = extract_from_dir(
        str(ROOT / "app"), method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS
    )
    said = sorted({message for _, _, message, _, _ in found}, key=str)
    for tag, locale in LOCALES.items():
        path = ROOT / "app/locale" / tag / "LC_MESSAGES/messages.po"
        with path.open("rb") as file:
            known = read_po(file)
        fresh = Catalog(locale=locale, project="nguongoc", charset="utf-8")
        for msgid in said:
            old = known.get(msgid)
            fresh.add(msgid, string=old.string if old else "")
            if not (old and old.string):
                print(f"{tag}: {msgid}")
        with path.open("wb") as file:
            write_po(file, fresh, sort_output=True, width=0)


if __name__ == "__main__":
    main()
