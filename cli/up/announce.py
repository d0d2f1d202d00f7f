"""Tell a person (a table) and a program (the ready file) where everything is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypedDict

from rich.console import Console
from rich.table import Table

from cli.up.place import Place

SHARED_VARIABLES = (
    "DATABASE_URL", "DATABASE_ADMIN_URL", "REDIS_URL", "SOUK_HOME", "SOUK_PORT", "SOUK_BASE_DOMAIN",
)  # fmt: skip


class Shop(TypedDict):
    slug: str
    host: str
    custom_host: str
    currency: str
    admin_api_token: str


class Admin(TypedDict):
    host: str
    email: str
    password: str


class Facts(TypedDict):
    """What `souk up --ready-file` writes, and `souk demo seed` without the first two."""

    port: int
    base_domain: str
    shops: list[Shop]
    admin: Admin | None


def facts_of(place: Place) -> Facts:
    """The address of this copy, with the demo shops when they were seeded."""
    seeded: dict[str, Any] = {}
    if place.demo_facts.exists():
        seeded = json.loads(place.demo_facts.read_text("utf-8"))
    return {
        "port": place.port,
        "base_domain": place.base_domain,
        "shops": seeded.get("shops", []),
        "admin": seeded.get("admin"),
    }


def write_ready_file(path: Path, facts: Facts) -> None:
    """Write `facts` as one JSON object; a reader that waits for the file never sees half of it."""
    _write_private(path, facts)


def write_running_file(place: Place, environment: Mapping[str, str]) -> None:
    """Let commands in another terminal reach the stores of this copy, without any variable set there."""
    _write_private(place.running, {name: environment[name] for name in SHARED_VARIABLES if name in environment})


def _write_private(path: Path, content: object) -> None:
    draft = path.with_name(f".{path.name}.part")
    draft.touch(mode=0o600)  # passwords and tokens are in it
    draft.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
    draft.replace(path)


def print_addresses(console: Console, facts: Facts, seconds: float, logs: Path) -> None:
    table = Table(title=f"Souk is up after {seconds:.1f} s", title_justify="left", show_header=False, box=None)
    for shop in facts["shops"]:
        own = f"  [dim]and[/] {_address(shop['custom_host'], facts)}" if shop["custom_host"] else ""
        table.add_row(f"[bold]{shop['slug']}[/] ({shop['currency']})", _address(shop["host"], facts) + own)
    admin = facts["admin"]
    if admin is not None:
        table.add_row("[bold]Dashboard[/]", _address(admin["host"], facts))
        table.add_row("[bold]Sign in[/]", f"{admin['email']}  [dim]with[/] {admin['password']}")
    table.add_row("[bold]Sign up[/]", _address(facts["base_domain"], facts))
    table.add_row("[bold]Logs[/]", str(logs))
    console.print(table)
    console.print("[dim]Ctrl-C stops everything.[/]")


def _address(host: str, facts: Facts) -> str:
    return f"http://{host}:{facts['port']}/"
