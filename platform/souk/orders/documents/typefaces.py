"""The letters that a paper can print, and what stands for those that no font of ours has.

DejaVu Sans (in this folder) has the Latin, Greek, Cyrillic, Arabic, Hebrew, Armenian and Georgian scripts; Noto Sans JP
(a package of its own) has Japanese and most Chinese letters. Anything else, such as Korean or Thai, is written in Latin
letters: a name that can be read beats a row of boxes.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from unicodedata import combining, normalize

import uharfbuzz

FOLDER = Path(__file__).parent / "fonts"
REGULAR, BOLD = FOLDER / "DejaVuSans.ttf", FOLDER / "DejaVuSans-Bold.ttf"
# Letters that spell others, brackets that turn around with the direction, what stands for rarer spaces and dashes.
_ALWAYS = "".join(map(chr, range(0x20, 0x7F))) + "\u00a0\u2010"
_PACKAGE, _FILE = "pylopdf_fonts_cjk", "NotoSansJP-Regular.otf"


@lru_cache(maxsize=1)
def japanese_font() -> Path | None:
    """Return the file with Japanese letters, None where its package was left out of an installation."""
    spec = find_spec(_PACKAGE)
    folders = (spec.submodule_search_locations or ()) if spec is not None else ()
    return next((path for folder in folders if (path := Path(folder) / _FILE).is_file()), None)


@lru_cache(maxsize=3)
def _face(path: Path) -> uharfbuzz.Face:
    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))


@lru_cache(maxsize=2)
def _letters_of(path: Path | None) -> frozenset[int]:
    return frozenset(_face(path).unicodes) if path is not None else frozenset()


def _is_known(letter: str) -> bool:
    return ord(letter) in _letters_of(REGULAR) or ord(letter) in _letters_of(japanese_font())


def needs_japanese(letters: Iterable[str]) -> bool:
    """Tell whether some letters can be printed by the Japanese font only: it is read for those alone."""
    foreign = {ord(letter) for letter in letters} - _letters_of(REGULAR)
    return not foreign.isdisjoint(_letters_of(japanese_font()))


def narrowed(path: Path, letters: AbstractSet[str], folder: Path) -> Path:
    """Write a font that has `letters` only into `folder`, and return its file.

    The library that prints reads every glyph of a font several times, in Python: of all the Japanese ones that takes
    seconds, of the few that a paper has a few milliseconds. What joins and stands beside letters stays as it was.
    """
    # A letter and its mark may be printed by one glyph, and one letter by two.
    marks = [letter for letter in letters if combining(letter)]
    pairs = "".join(normalize("NFC", letter + mark) for mark in marks for letter in letters)
    told = {*_ALWAYS, *letters, *pairs, *normalize("NFD", "".join(letters))} - {"\n"}
    wanted = uharfbuzz.SubsetInput()
    wanted.unicode_set.update(map(ord, told))
    file = folder / path.name
    file.write_bytes(uharfbuzz.subset(_face(path), wanted).blob.data)
    return file


def printable(text: str) -> str:
    """Return `text` with each letter that no font has written in Latin ones, or as [U+1234] where it has no sound."""
    if text.isascii():
        return text
    return "".join(letter if letter == "\n" or _is_known(letter) else _spelled(letter) for letter in text)


def _spelled(letter: str) -> str:
    # Its tables are read when a letter needs them: most shops never do.
    from anyascii import anyascii  # noqa: PLC0415 - see above

    if not letter.isprintable():
        return ""
    return anyascii(letter) or f"[U+{ord(letter):04X}]"
