"""Runs attacks, each in a forked process of its own: what an attack does to its process cannot hide or spread.

Reads one JSON object a line from standard input (`source`, and `files` of the theme) and answers with one a line:
what came out, what it cost, which secrets were read and what the interpreter was made to do.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
from collections.abc import Mapping
from time import monotonic, thread_time
from typing import Any

from themes import rows
from themes.drops.base import Drop
from themes.engine import compiled, environment
from themes.fixtures import FixtureReader
from themes.page import PageContext
from themes.render import _page
from themes.sandbox.access import EXPOSED, exposes
from themes.theme import Theme

SECRET = "SECRET-TOKEN"
WALL = 5.0
MEMORY = 600 << 20
# Events that a template has no business to cause: files, processes, sockets, code, frames.
FORBIDDEN = ("open", "os.", "subprocess.", "socket.", "compile", "exec", "import", "ctypes.", "object.__getattr__")
LAYOUT = b"{{ content_for_header }}{{ content_for_layout }}"


class Query:
    def all(self) -> list[str]:
        return [SECRET]


class Tattling:
    """An object with secrets, as a careless caller would leave in a context; it tells what was read of it."""

    reads: list[str] = []  # noqa: RUF012 - one list for the process on purpose

    name = "bob"

    @property
    def password_hash(self) -> str:
        self.reads.append("password_hash")
        return SECRET

    @property
    def query(self) -> Query:
        self.reads.append("query")
        return Query()

    @property
    def metadata(self) -> Mapping[str, str]:
        self.reads.append("metadata")
        return {"secret": SECRET}

    def delete(self) -> str:
        self.reads.append("delete")
        return "DELETED"

    def __repr__(self) -> str:
        self.reads.append("repr")
        return SECRET


@exposes("name")
class Exposed(Tattling, Drop):
    """The same object as a drop: its name may be read and nothing else."""


def shop() -> FixtureReader:
    products = tuple(
        rows.ProductRow(n, f"p{n}", f"Product {n}", 1000 * n, 1000 * n, tags=("a", "b")) for n in range(1, 25)
    )
    variants = {n: (rows.VariantRow(n, n, "Default", 1000 * n, ("S",)),) for n in range(1, 25)}
    return FixtureReader(products=products, variants=variants)


def theme_of(files: Mapping[str, str]) -> Theme:
    made = {path: text.encode() for path, text in files.items()}
    return Theme("attacked", {"layout/theme.html": LAYOUT, "templates/index.json": b'{"sections": {}}', **made})


def page_of() -> PageContext:
    return PageContext(
        shop=rows.ShopRow("Shop", "https://shop.test"),
        request=rows.RequestRow("shop.test", "/", "index"),
        localization=rows.LocalizationRow("en-US", "USD"),
        reader=shop(),
        resource={"collection": rows.CollectionRow(5, "all", "All", products_count=24)},
    )


def context() -> dict[str, Any]:
    return {"user": Tattling(), "drop": Exposed(), "bag": {"a": 0, "_secret": SECRET}, "items": list(range(10))}


def engine_state() -> tuple[object, ...]:
    engine = environment()
    return (
        tuple(engine.globals.items()), tuple(engine.filters.items()), tuple(engine.tests.items()),
        tuple(EXPOSED.items()),
    )  # fmt: skip


def render(source: str, files: Mapping[str, str], caused: list[str], values: dict[str, Any]) -> str:
    code = compiled("sections/attack.html", source)
    theme = theme_of(files)
    with _page(theme, "index", page_of()) as (state, _budget):
        watching.append(caused)
        try:
            return code.render({**state.globals, **values}, {})
        finally:
            watching.clear()


watching: list[list[str]] = []


def listen(event: str, _args: tuple[Any, ...]) -> None:
    if watching and event.startswith(FORBIDDEN):
        watching[0].append(event)


def attempt(source: str, files: Mapping[str, str]) -> dict[str, Any]:
    caused: list[str] = []
    values = context()
    before = engine_state()
    memory, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, thread_time()
    try:
        answer = {"output": render(source, files, caused, values)}
    except Exception as error:  # noqa: BLE001 - whatever it is, the table says what it should be
        answer = {"refused": f"{type(error).__name__}: {error}"[:400]}
    answer["output"] = answer.get("output", "")[:2000]
    return {
        **answer,
        "cpu": thread_time() - started,
        "megabytes": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024,
        "reads": Tattling.reads,
        "caused": caused,
        "damaged": engine_state() != before or values["bag"] != context()["bag"] or values["items"] != list(range(10)),
    }


def child(order: dict[str, Any], answer_to: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    os.write(answer_to, json.dumps(attempt(order["source"], order.get("files", {}))).encode())
    os._exit(0)


def isolated(order: dict[str, Any]) -> bytes:
    """Return the child's answer; one that does not come in time is killed and told as such."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        child(order, writing)
    os.close(writing)
    answer, end = b"", monotonic() + WALL
    while select.select([reading], [], [], max(0.0, end - monotonic()))[0]:
        part = os.read(reading, 65536)
        if not part:
            break
        answer += part
    os.close(reading)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return answer or b'{"died": true}'


def main() -> None:
    attempt("{{ 1 }}{{ now | date }}{% render 'warm' %}", {"snippets/warm.html": "{{ 'a' | t }}{{ drop }}"})
    Tattling.reads.clear()
    sys.addaudithook(listen)
    answers = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # log lines must not come between the answers
    for line in sys.stdin:
        os.write(answers, isolated(json.loads(line)) + b"\n")


if __name__ == "__main__":
    main()
