"""Put the rows of one product together; they stand next to each other in a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from souk.catalog.handles import slugify
from souk.catalog.importing.cells import unguard
from souk.catalog.importing.errors import RowInvalid
from souk.catalog.importing.layout import Layout
from souk.catalog.importing.lines import UNSTORABLE, Row

MAX_HANDLE = 255
# 2,048 variants and as many pictures as anybody has; what lies beyond is one broken file.
MAX_ROWS = 2_500
MAX_CHARACTERS = 16_000_000


@dataclass(slots=True)
class Group:
    """The rows of one product. `number` counts the products of the file from 1."""

    number: int
    handle: str
    rows: list[Row]
    problems: list[RowInvalid] = field(default_factory=list)
    last_line: int = 0
    characters: int = 0

    @property
    def line(self) -> int:
        return self.rows[0].line


def group_rows(rows: Iterable[Row], layout: Layout) -> Iterator[Group]:
    """Yield the products in order, also those that cannot be read: they are reported as refused."""
    group: Group | None = None
    number = 0
    for row in rows:
        handle, problem = _handle(row, layout)
        if group is not None and handle and handle == group.handle:
            _extend(group, row, problem)
            continue
        if group is not None:
            yield group
        number += 1
        group = Group(number, handle, [row], [problem] if problem else [], row.last_line, _length(row))
    if group is not None:
        yield group


def _extend(group: Group, row: Row, problem: RowInvalid | None) -> None:
    group.last_line = row.last_line
    if problem is not None:
        group.problems.append(problem)
    if len(group.rows) < MAX_ROWS and group.characters < MAX_CHARACTERS:
        group.rows.append(row)
        group.characters += _length(row)
    elif not group.problems:
        reason = f"a product has at most {MAX_ROWS:,} rows and 16 MB of text; divide it into several products."
        group.problems.append(RowInvalid(row.line, "", reason))


def _length(row: Row) -> int:
    return sum(map(len, row.cells.values()))


def _handle(row: Row, layout: Layout) -> tuple[str, RowInvalid | None]:
    if row.problem is not None:
        return "", row.problem
    given = unguard(layout.cell(row, "handle")).strip()
    title = unguard(layout.cell(row, "title")).strip()
    if not given and not title:
        wanted = layout.column("handle") if layout.has("handle") else layout.column("title")
        return "", RowInvalid(row.line, wanted, "the cell is empty; every row names its product.")
    return slugify(given or title, max_length=MAX_HANDLE), _unstorable(row)


def _unstorable(row: Row) -> RowInvalid | None:
    if not UNSTORABLE.search("".join(row.cells.values())):
        return None
    for column, cell in row.cells.items():
        found = UNSTORABLE.search(cell)
        if found is None:
            continue
        what = "a NUL byte" if found[0] == "\x00" else "a byte that is no UTF-8"
        return RowInvalid(row.line, column, f"the cell has {what}; save the file as UTF-8, or correct this cell.")
    return None
