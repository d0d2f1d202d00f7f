"""Translations as CSV, with the columns in which Shopify's Translate & Adapt writes and reads them."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from souk.kernel.errors import SoukError
from souk.translating.errors import BadTranslationFile
from souk.translating.save import save_translations
from souk.translating.sources import KINDS, Resource
from souk.translating.state import Translated

COLUMNS = ("Type", "Identification", "Field", "Locale", "Market", "Status", "Default content", "Translated content")
_NEEDED = ("Type", "Identification", "Field", "Locale", "Translated content")
MAX_BYTES, MAX_LINES, MAX_PROBLEMS = 10_000_000, 50_000, 50
# A cell that begins so is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Find = Callable[[str, int], Resource | None]


@dataclass(slots=True)
class Report:
    """`problems` are sentences with the line of the file; what they name was left out, the rest was kept."""

    saved: int = 0
    problems: list[str] = field(default_factory=list)


def write_csv(found: Iterable[Translated], locale: str) -> str:
    """Return one line a text, those without a translation too."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(COLUMNS)
    for each in found:
        for entry in each.entries:
            kind, owner = each.resource.kind.upper(), each.resource.id
            texts = (_cell(entry.text.source), _cell(entry.value))
            lines.writerow((kind, owner, _cell(entry.text.field), locale, "", entry.status, *texts))
    return out.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def read_csv(session: Session, content: bytes, languages: Iterable[str], find: Find) -> Report:
    """Keep what the file says, thing by thing; an empty translation changes nothing. Raises BadTranslationFile."""
    report, spoken = Report(), set(languages)
    for (kind, owner, locale), values in _grouped(content, report).items():
        resource = find(kind, owner) if kind in KINDS else None
        lines = f"line {min(line for line, _ in values.values())}"
        if locale not in spoken:
            _note(report, f"{lines}: {locale!r} is no other language of this shop.")
        elif resource is None:
            _note(report, f"{lines}: there is no {kind} {owner} in this shop.")
        else:
            _save(session, resource, locale, values, report)
    return report


def _save(
    session: Session, resource: Resource, locale: str, values: Mapping[str, tuple[int, str]], report: Report
) -> None:
    known = {text.field for text in resource.texts}
    for name, (line, _) in values.items():
        if name not in known:
            _note(report, f"line {line}: {resource.title!r} has no text {name!r}.")
    try:
        wanted = {name: value for name, (_, value) in values.items() if name in known}
        report.saved += save_translations(session, resource, locale, wanted) if wanted else 0
    except SoukError as error:
        _note(report, f"line {min(line for line, _ in values.values())}: {error.detail}")


def _note(report: Report, problem: str) -> None:
    if len(report.problems) < MAX_PROBLEMS:
        report.problems.append(problem)


def _grouped(content: bytes, report: Report) -> dict[tuple[str, int, str], dict[str, tuple[int, str]]]:
    """Return (line, value) by field of each thing and language."""
    found: dict[tuple[str, int, str], dict[str, tuple[int, str]]] = defaultdict(dict)
    for number, line in enumerate(_lines(content), 2):
        value, owner = _plain(line["Translated content"] or ""), (line["Identification"] or "").strip().lstrip("'")
        if not value.strip():
            continue
        if not owner.isascii() or not owner.isdigit() or len(owner) > 18:  # noqa: PLR2004 - beyond any id
            _note(report, f"line {number}: Identification is a number.")
            continue
        key = ((line["Type"] or "").strip().lower(), int(owner), (line["Locale"] or "").strip())
        found[key][_plain(line["Field"] or "")] = (number, value)
    return found


def _lines(content: bytes) -> list[dict[str, str | None]]:
    if len(content) > MAX_BYTES:
        raise BadTranslationFile(f"it has more than {MAX_BYTES // 1_000_000} MB")
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        lines = [dict(line) for _, line in zip(range(MAX_LINES + 1), reader, strict=False)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadTranslationFile("it is no CSV in UTF-8") from error
    missing = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        raise BadTranslationFile(f"the column {missing[0]} is missing; begin with an exported file")
    if len(lines) > MAX_LINES:
        raise BadTranslationFile(f"it has more than {MAX_LINES} lines; split it")
    return lines
