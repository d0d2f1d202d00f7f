"""Read the SQL of a chain: one file a revision, applied by our own runner.

Alembic writes the SQL once, when a revision is made (`make ddl`); starting Alembic for
every shop would cost half a second each. Needs no other package of the project.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent
CHAINS = ("control", "pod", "tenant")
EMPTY = "0000"


@dataclass(frozen=True, slots=True)
class Step:
    """`version` is the number at the start of the file's name, such as 0002."""

    version: str
    name: str
    sql: str


@lru_cache(maxsize=8)
def steps(chain: str) -> tuple[Step, ...]:
    """Return the chain's steps in order."""
    files = sorted((FOLDER / chain / "sql").glob("[0-9][0-9][0-9][0-9]_*.sql"))
    return tuple(Step(path.name[:4], path.stem[5:], path.read_text()) for path in files)


def steps_after(chain: str, version: str) -> tuple[Step, ...]:
    return tuple(step for step in steps(chain) if step.version > version)


def head(chain: str) -> str:
    """Return the newest version of a chain, `0000` when it has none."""
    return steps(chain)[-1].version if steps(chain) else EMPTY


@lru_cache(maxsize=8)
def ddl(chain: str) -> str:
    """Return the DDL of the chain's newest version as one text, generated from the models."""
    return (FOLDER / chain / "ddl.sql").read_text()
