"""The letters that a paper can print, and what stands for those that no font of ours has.

DejaVu Sans (in this folder) has the Latin, Greek, Cyrillic, Arabic, Hebrew, Armenian and Georgian scripts; Noto Sans JP
(a package of its own) has Japanese and most Chinese letters. Anything else, such as Korean or Thai, is written in Latin
letters: a name that can be read beats a row of boxes.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parent / "fonts"
REGULAR, BOLD = FOLDER / "DejaVuSans.ttf", FOLDER / "DejaVuSans-Bold.ttf"
_PACKAGE, _FILE = "pylopdf_fonts_cjk", "NotoSansJP-Regular.otf"


@lru_cache(maxsize=1)
def japanese_font() -> Path | None:
    """Return the file with Japanese letters, None where its package was left out of an installation."""
    spec = find_spec(_PACKAGE)
    folders = (spec.submodule_search_locations or ()) if spec is not None else ()
    return next((path for folder in folders if (path := Path(folder) / _FILE).is_file()), None)


@lru_cache(maxsize=2)
def _letters_of(path: Path | None) -> frozenset[int]:
    return frozenset(TTFont(path, lazy=True).getBestCmap() or ()) if path is not None else frozenset()


def _letters() -> frozenset[int]:
    return _letters_of(REGULAR) | _letters_of(japanese_font())


def needs_japanese(text: str) -> bool:
    """Tell whether a text has letters that only the Japanese font can print: it is read for those alone."""
    foreign = {ord(letter) for letter in text} - _letters_of(REGULAR)
    return not foreign.isdisjoint(_letters_of(japanese_font()))


def printable(text: str) -> str:
    """Return `text` with each letter that no font has written in Latin ones, or as [U+1234] where it has no sound."""
    if text.isascii():
        return text
    known = _letters()
    return "".join(letter if ord(letter) in known or letter == "\n" else _spelled(letter) for letter in text)


def _spelled(letter: str) -> str:
    # Its tables are read when a letter needs them: most shops never do.
    from anyascii import anyascii  # noqa: PLC0415 - see above

    if not letter.isprintable():
        return ""
    return anyascii(letter) or f"[U+{ord(letter):04X}]"
