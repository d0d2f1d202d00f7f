"""How the double matches and orders: the rules that the engine's settings name, and no more."""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from souk.search_engines.tantivy_spelling import distance

Document = dict[str, Any]
_TOKEN = re.compile(r"[^\W_]+")
_CONDITION = re.compile(
    r'(?P<name>\w+) (?:(?P<sign>=|>=|<=) (?P<value>"(?:[^"\\]|\\.)*"|\S+)|(?P<not>NOT )?IN \[(?P<list>.*)\])', re.DOTALL
)
_ITEM = re.compile(r'"((?:[^"\\]|\\.)*)"|(-?\d+)')
_SIGNS: dict[str, Callable[[Any, Any], bool]] = {"=": operator.eq, ">=": operator.ge, "<=": operator.le}


class BadFilter(Exception):
    """The filter is no sentence of the language, or names an attribute that is not filterable."""


def tokens(value: Any) -> list[str]:
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value or "")
    plain = unicodedata.normalize("NFKD", text.lower())
    return _TOKEN.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))


def holds(condition: str, document: Document, filterable: list[str]) -> bool:
    return all(_holds_one(part, document, filterable) for part in condition.split(" AND "))


def _holds_one(condition: str, document: Document, filterable: list[str]) -> bool:
    match = _CONDITION.fullmatch(condition)
    if match is None or match["name"] not in filterable:
        raise BadFilter(condition)
    stored = document.get(match["name"])
    values = stored if isinstance(stored, list) else [stored]
    if match["list"] is not None:
        wanted = [_plain(text) if not number else int(number) for text, number in _ITEM.findall(match["list"])]
        return any(value in wanted for value in values) is (match["not"] is None)
    return any(_SIGNS[match["sign"]](value, _literal(match["value"])) for value in values)


def _literal(text: str) -> Any:
    if text.startswith('"'):
        return _plain(text[1:-1])
    return {"true": True, "false": False}.get(text) if text in {"true", "false"} else int(text)


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def matches(document: Document, query: str, settings: dict[str, Any], strategy: str) -> tuple[int, int, int] | None:
    """Return (missing words, typos, best attribute), None for no match; words are dropped from the end."""
    stop_words = settings.get("stopWords", [])
    words = [word for word in tokens(query) if word not in stop_words]
    found = [_best_form(document, word, settings, prefix=word is words[-1]) for word in words]
    if not words:
        return (0, 0, 0)
    kept = next((place for place, each in enumerate(found) if each is None), len(found))
    if kept == 0 or (strategy == "all" and kept < len(words)):
        return None
    places = [each for each in found[:kept] if each is not None]
    return len(words) - kept, sum(typos for typos, _ in places), sum(attribute for _, attribute in places)


def _best_form(document: Document, word: str, settings: dict[str, Any], *, prefix: bool) -> tuple[int, int] | None:
    forms = [word, *settings.get("synonyms", {}).get(word, [])]
    found = (_best(document, form, settings, prefix=prefix and form == word) for form in forms)
    return min((each for each in found if each is not None), default=None)


def _best(document: Document, word: str, settings: dict[str, Any], *, prefix: bool) -> tuple[int, int] | None:
    options = []
    for attribute, name in enumerate(settings["searchableAttributes"]):
        strict = name in settings["typoTolerance"]["disableOnAttributes"]
        for token in tokens(document.get(name)):
            typos = _typos(word, token, prefix=prefix, strict=strict)
            if typos is not None:
                options.append((typos, attribute))
    return min(options, default=None)


def _typos(word: str, token: str, *, prefix: bool, strict: bool) -> int | None:
    if word == token or (prefix and token.startswith(word)):
        return 0
    allowed = 0 if strict or len(word) < 5 else 1 if len(word) < 9 else 2
    gap = distance(word, token) if abs(len(word) - len(token)) <= allowed else allowed + 1
    return gap if gap <= allowed else None


def order(
    hits: list[tuple[Document, tuple[int, int, int]]], settings: dict[str, Any], sort: list[str]
) -> list[Document]:
    """Apply the ranking rules from the last to the first; Python's sort is stable."""
    ranks = {"words": 0, "typo": 1, "attribute": 2}
    for rule in reversed(settings["rankingRules"]):
        if rule == "sort":
            for each in reversed(sort):
                _by_value(hits, each)
        elif rule in ranks:
            hits.sort(key=lambda hit, place=ranks[rule]: hit[1][place])  # type: ignore[misc]
        elif ":" in rule:
            _by_value(hits, rule)
    return [document for document, _ in hits]


def _by_value(hits: list[tuple[Document, tuple[int, int, int]]], rule: str) -> None:
    name, way = rule.split(":")
    hits.sort(key=lambda hit: hit[0][name], reverse=way == "desc")
