"""Connect the shop to a payment provider, test the connection, and switch the provider on or off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from plugins.api import (
    Account,
    Acted,
    BadConnection,
    Finding,
    PaymentProvider,
    Plugin,
    ProviderConnection,
    ProviderUnreachable,
    Site,
)
from plugins.enablement import enable, is_enabled, settings_of
from plugins.loader import plugins as installed
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.payments.errors import UnknownPaymentMethod
from souk.payments.provider import keep_learned
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page
from souk.web.dashboard.schema_form import read_values, typed_texts


@dataclass(frozen=True, slots=True)
class Connected:
    """A provider that can be connected, with the plugin that brings it and the shop's account there."""

    plugin: Plugin
    provider: PaymentProvider
    connection: ProviderConnection
    account: Account
    enabled: bool

    @property
    def ready(self) -> bool:
        """Whether buyers could pay with it."""
        return self.connection.connected(self.account)

    @property
    def badge(self) -> str:
        """Say whether buyers are offered it, and whether they will be once the provider lets the shop."""
        if not self.enabled:
            return "off"
        return "offered" if self.ready else "waiting"


@blueprint.get("/shops/<slug>/payments/<provider>")
@in_shop(Permission.SETTINGS)
def payment_provider(access: ShopAccess, provider: str) -> Answer:
    found = _find(access, provider)
    if "test" not in request.args:
        return _page(found)
    # Merchants come back here from the provider's pages, where much may have become possible.
    _learn(access, found)
    found = _find(access, provider)
    return _page(found, findings=found.connection.check(found.account, _site(access, provider)))


@blueprint.post("/shops/<slug>/payments/<provider>")
@in_shop(Permission.SETTINGS)
def connect_provider(access: ShopAccess, provider: str) -> Answer:
    found = _find(access, provider)
    action = request.form.get("do", "")
    try:
        if action in {"on", "off"}:
            return _switch(access, found, on=action == "on")
        acted = _act(found, action, _site(access, provider))
    except SoukError as error:
        return _page(found, error=error, action=action), error.status
    with transaction(access.scope) as session:
        enable(session, found.plugin.id, enabled=_stays_on(found, action, acted), settings=acted.settings)
    if acted.url:
        # A link and not a redirect: our policy lets no form lead to another site.
        return _page(_find(access, provider), acted=acted)
    return done(acted.message, "payment_provider", access, provider=provider)


def _learn(access: ShopAccess, found: Connected) -> None:
    try:
        learned = found.connection.learn(found.account)
    except ProviderUnreachable:
        # The test says so.
        return
    with transaction(access.scope) as session:
        keep_learned(session, found.provider.name, learned)


def _switch(access: ShopAccess, found: Connected, *, on: bool) -> Answer:
    if on and not found.ready:
        raise BadConnection("Buyers could not pay yet; connect the shop and give the provider all that it asks for.")
    with transaction(access.scope) as session:
        enable(session, found.plugin.id, enabled=on)
    message = f"{found.plugin.name} is {'offered to buyers' if on else 'off'}."
    return done(message, "payment_provider", access, provider=found.provider.name)


def _act(found: Connected, action: str, site: Site) -> Acted:
    """Do what a button says; raises BadConnection, ProviderUnreachable, UnknownPaymentMethod for no button."""
    if action not in {one.name for one in found.connection.actions(found.account)}:
        raise UnknownPaymentMethod(action)
    schema = [{"settings": found.connection.fields(found.account, action)}]
    return found.connection.act(found.account, action, read_values(schema, request.form), site)


def _stays_on(found: Connected, action: str, acted: Acted) -> bool:
    """A shop that has just been connected offers the provider; one that was disconnected does not."""
    if action == "disconnect":
        return False
    return found.enabled or acted.offers


def _find(access: ShopAccess, name: str) -> Connected:
    for plugin, provider in installed().objects("payment_providers"):
        connection = provider.connection()
        if provider.name == name and connection is not None:
            with transaction(access.scope, read_only=True) as session:
                account = Account(access.tenant_id, settings_of(session, plugin.id))
                return Connected(plugin, provider, connection, account, is_enabled(session, plugin))
    raise UnknownPaymentMethod(name)


def _site(access: ShopAccess, provider: str) -> Site:
    origin = config().origin(access.primary_host)
    back = url_for("dashboard.payment_provider", slug=access.slug, provider=provider, test="1")
    home = config().origin(f"admin.{config().base_domain}")
    return Site(f"{origin}/webhooks/{provider}", home + back, config().public_scheme == "https")


def _typed(found: Connected, action: str) -> dict[str, Any]:
    """Return what a refused form held, but for its secrets."""
    fields = [one for one in found.connection.fields(found.account, action) if one["type"] != "secret"]
    return typed_texts([{"settings": fields}], request.form)


def _page(
    found: Connected,
    *,
    findings: Sequence[Finding] | None = None,
    acted: Acted | None = None,
    error: SoukError | None = None,
    action: str = "",
) -> str:
    connection, account = found.connection, found.account
    actions = [(one, connection.fields(account, one.name)) for one in connection.actions(account)]
    typed: Mapping[str, Any] = {**account.settings, **_typed(found, action)} if error else account.settings
    return page(
        "payment_provider.html", found=found, facts=connection.facts(account), actions=actions, findings=findings,
        acted=acted, error=error, opened=action, values=typed, silent=isinstance(error, ProviderUnreachable),
    )  # fmt: skip
