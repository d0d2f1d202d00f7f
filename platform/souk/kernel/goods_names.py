"""What was bought, as it is called in the language of who bought it.

Orders keep the names of the shop's own language, in which their merchant reads them; shoppers read them in theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ARRAY, BigInteger, Text, any_, bindparam, or_, select
from sqlalchemy.orm import Session

from souk.kernel.localized import LABEL, digest_of
from souk.kernel.models import Translation
from souk.kernel.settings import read_setting
from souk.kernel.statement import Statement

_BETWEEN = " / "
# Stands between the titles of rates that are charged together.
BESIDE = " + "
_READ = Statement[Any](
    select(Translation.resource_type, Translation.resource_id, Translation.field, Translation.value, Translation.digest)
    .where(Translation.locale == bindparam("locale", type_=Text()))
    .where(
        or_(
            (Translation.resource_type == "product")
            & (Translation.field == "title")
            & (Translation.resource_id == any_(bindparam("products", type_=ARRAY(BigInteger)))),
            (Translation.resource_type == LABEL) & (Translation.field == any_(bindparam("words", type_=ARRAY(Text)))),
        )
    )
)


class Named(Protocol):
    """A line of goods; `product_id` is None for what is no product of the catalogue."""

    @property
    def product_id(self) -> int | None: ...

    @property
    def title(self) -> str: ...

    @property
    def variant_title(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Names:
    """Translated titles by product and digest of the source, and words of variants by themselves."""

    titles: Mapping[tuple[int | None, str], str]
    words: Mapping[str, str]

    def title(self, line: Named) -> str:
        """Return the title; of one that was changed since it was translated, as it stands on the line."""
        return self.titles.get((line.product_id, digest_of(line.title)), line.title) if self.titles else line.title

    def variant(self, line: Named) -> str:
        """Return the values of its options, as far as their words are translated."""
        return self._values(line.variant_title)

    def _values(self, variant_title: str) -> str:
        return _BETWEEN.join(self.words.get(word, word) for word in variant_title.split(_BETWEEN))

    def word(self, text: str) -> str:
        """Return one of the words that `read_names` was asked for, such as the title of a shipping rate."""
        if text in self.words:
            return self.words[text]
        return BESIDE.join(self.words.get(part, part) for part in text.split(BESIDE))

    def passage(self, text: str) -> str:
        """Return a text of several lines, each a word of its own."""
        return "\n".join(self.words.get(line.strip(), line) for line in text.splitlines())

    def parts(self, components: Sequence[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
        """Return what a bundle consists of under its translated names."""
        return [self._part(part) for part in components or ()]

    def _part(self, part: Mapping[str, Any]) -> dict[str, Any]:
        title = str(part["title"])
        known = self.titles.get((part.get("product_id"), digest_of(title)), title)
        return {**part, "title": known, "variant_title": self._values(str(part["variant_title"]))}


OWN = Names({}, {})


def named_rate(names: Names, rate: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the rate that a checkout or an order keeps, and the place of a pick-up, under translated names."""
    told = dict(rate)
    if "title" in told:
        told["title"] = names.word(str(told["title"]))
    if "pickup" in told:
        place = told["pickup"]
        said = names.passage(str(place.get("instructions", "")))
        told["pickup"] = {**place, "name": names.word(str(place["name"])), "instructions": said}
    return told


def rate_words(rate: Mapping[str, Any]) -> set[str]:
    """Return the words that `named_rate` wants to be read."""
    return {str(rate.get("title", "")), *place_words(rate.get("pickup") or {})}


def place_words(place: Mapping[str, Any]) -> set[str]:
    """Return the name of a place of pick-up and the lines of what its buyers are told."""
    lines = str(place.get("instructions", "")).splitlines()
    return {str(place.get("name", "")), *(line.strip() for line in lines)}


def read_names(session: Session, locale: str, lines: Sequence[Named], words: Iterable[str] = ()) -> Names:
    """Return how `lines`, their parts where they are bundles, and `words` are called in `locale`.

    One query, and none in the shop's own language.
    """
    words = set(words)
    if not (lines or words) or locale in {"", read_setting(session, "shop").get("locale", "en")}:
        return OWN
    parts = [part for line in lines for part in getattr(line, "components", None) or ()]
    products = {line.product_id for line in lines} | {part.get("product_id") for part in parts}
    variants = [line.variant_title for line in lines] + [str(part["variant_title"]) for part in parts]
    words = {part for text in words for part in (text, *text.split(BESIDE))}
    asked = sorted({*words, *(word for title in variants for word in title.split(_BETWEEN))})
    found = _READ.all(session, locale=locale, products=sorted(filter(None, products)), words=asked)
    return Names(
        {(row.resource_id, row.digest): row.value for row in found if row.resource_type != LABEL},
        {row.field: row.value for row in found if row.resource_type == LABEL},
    )
