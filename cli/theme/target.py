"""The shop whose themes a command works on: named by its slug on this machine, or by its address anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Push:
    """Checked files for a theme; a new one without `theme_id`. `live` shows it to shoppers at once."""

    files: Mapping[str, bytes]
    name: str
    version: str
    theme_id: int | None
    live: bool
    # The version of the theme that the folder is known to hold; without it only `force` overwrites changed code.
    seen: int | None = None
    force: bool = False


class ThemeShop(Protocol):
    def themes(self) -> list[dict[str, Any]]:
        """Return the rows of `souk theme list`, the live theme first."""
        ...

    def push(self, sent: Push) -> int:
        """Keep the files and return the theme's id."""
        ...

    def pull(self, theme_id: int | None) -> dict[str, bytes]:
        """Return the files with the merchant's changes in them; of the live theme when none is named."""
        ...

    def live(self) -> int | None:
        """Return the id of the theme that shoppers see; None in a shop that never chose one."""
        ...

    def version(self, theme_id: int) -> int:
        """Return how often the theme was changed so far."""
        ...

    def publish(self, theme_id: int) -> None: ...


def shop_of(named: str, token: str) -> ThemeShop:
    """Return the shop at an address, such as https://tea.example, or the one of that slug on this platform."""
    if named.startswith(("https://", "http://")):
        from cli.theme.remote import RemoteShop

        return RemoteShop(named, token)
    from cli.theme.here import LocalShop

    return LocalShop(named)
