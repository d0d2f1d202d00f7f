"""How a merchant connects a shop to a provider in the dashboard, and learns what is wrong with the connection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from souk.kernel.errors import Invalid
from souk.payments.values import Account


class BadConnection(Invalid):
    code = "bad_connection"

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence, **({"field": f"s-{field}"} if field else {}))


@dataclass(frozen=True, slots=True)
class Site:
    """Where the shop's messages go to, and where a merchant comes back to; `public` when the internet reaches it."""

    webhook_url: str
    dashboard_url: str
    public: bool


@dataclass(frozen=True, slots=True)
class Action:
    name: str
    title: str
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """`detail` says what cures it."""

    good: bool
    title: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Acted:
    """`settings` are the plugin's from now on. `url` is where the merchant goes on, when that is not here.

    `offers` when the shop is connected now and was not before: its buyers are offered the provider.
    """

    settings: Mapping[str, Any]
    message: str
    url: str = ""
    offers: bool = False


class ProviderConnection(Protocol):
    """`act`, `check` and `learn` may ask the provider and run outside any transaction; the others ask nobody."""

    def connected(self, account: Account) -> bool:
        """Whether buyers could pay with it, as far as is known; they are not offered it otherwise."""

    def facts(self, account: Account) -> Sequence[tuple[str, str]]:
        """Return (name, value) of what is known about the connection; never a secret."""

    def fields(self, account: Account, action: str) -> Sequence[Mapping[str, Any]]:
        """Return what `action` asks for, each like a plugin's setting; the type `secret` is never shown again."""

    def actions(self, account: Account) -> Sequence[Action]: ...

    def check(self, account: Account, site: Site) -> Sequence[Finding]:
        """Test the connection and name everything that is wrong."""

    def learn(self, account: Account) -> Mapping[str, Any]:
        """Return the settings that are others by now, such as that the account may take payments.

        Raises ProviderUnreachable.
        """

    def act(self, account: Account, action: str, values: Mapping[str, Any], site: Site) -> Acted:
        """Do one of `actions` with what was typed; raises BadConnection, ProviderUnreachable."""
