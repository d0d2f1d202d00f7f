"""Whom a shop asks for its taxes, and what holds when nobody answers."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from souk.kernel.settings import read_setting, write_setting
from souk.tax.errors import TaxProviderInvalid

_GROUP = "tax_provider"
WHEN_SILENT = ("own", "refuse")


@dataclass(frozen=True, slots=True)
class ProviderPolicy:
    """`plugin` is the id of the plugin that is asked, '' where the shop's own table holds.

    `when_silent`: `own` takes the shop's table then, `refuse` takes no order until there is an answer.
    """

    plugin: str = ""
    when_silent: str = "own"


def read_provider_policy(session: Session) -> ProviderPolicy:
    return ProviderPolicy(**read_setting(session, _GROUP))


def save_provider_policy(session: Session, policy: ProviderPolicy) -> None:
    """Raises TaxProviderInvalid: nothing was changed."""
    if policy.when_silent not in WHEN_SILENT:
        raise TaxProviderInvalid("when_silent", "Choose the rates of the table, or to take no order.")
    write_setting(session, _GROUP, asdict(policy))
