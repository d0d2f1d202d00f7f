"""Find the installed plugins, check them and connect their providers and hooks to the domains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

import pluggy
import structlog
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from sqlalchemy.orm import Session

from plugins.api import API_VERSION, CheckoutField, Parcel, Plugin, Priced, Requirement, ShippingRate
from plugins.dispatch import Dispatcher
from plugins.enablement import enable, is_enabled, settings_of
from plugins.panel import PluginPanel
from souk.checkout import fields as checkout_fields
from souk.checkout import requirements
from souk.kernel.asking import install_panel
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.events import without_secrets
from souk.kernel.outbox import Job, once
from souk.orders import fulfillment_provider
from souk.payments import provider as payment_provider
from souk.shipping import carriers
from souk.shipping import provider as shipping_provider
from souk.tax import asked
from themes import apps
from themes.files import read_folder

GROUP = "souk.plugins"
# Loaded by name: entry points are read from the metadata of the last installation, which in a
# working copy may be older than the code, and a shop without payment would be the result.
BUILTIN = (
    "plugins.builtin.test_gateway.plugin:TestGateway",
    "plugins.builtin.manual_payment.plugin:ManualPayment",
    "plugins.builtin.stripe.plugin:StripePayments",
    "plugins.builtin.flat_rate.plugin:FlatRate",
    "plugins.builtin.checkout_questions.plugin:CheckoutQuestions",
    "plugins.builtin.test_carrier.plugin:TestCarrier",
    "plugins.builtin.test_tax.plugin:TestTax",
    "plugins.builtin.parcel_fulfillment.plugin:ParcelFulfillment",
    "plugins.builtin.delivery_dates.plugin:DeliveryDates",
)

log = structlog.get_logger(__name__)


@lru_cache(maxsize=1)
def plugins() -> Dispatcher:
    """Return this process's plugins, loaded and connected at the first call; a broken one is left out and logged.

    With SOUK_SAFE_MODE=1 only the built-in ones are loaded.
    """
    dispatcher = Dispatcher()
    for kind in discover(safe_mode=config().safe_mode):
        add(dispatcher, kind)
    connect(dispatcher)
    return dispatcher


def discover(*, safe_mode: bool) -> list[type[Plugin]]:
    """Return the classes that are installed, built-in ones first, each id once."""
    found: dict[str, type[Plugin]] = {}
    for path in BUILTIN:
        module, name = path.split(":")
        kind = getattr(import_module(module), name)
        found[kind.id] = kind
    for entry in () if safe_mode else entry_points(group=GROUP):
        try:
            kind = entry.load()
            found.setdefault(kind.id, kind)
        except Exception:  # somebody else's package must not keep the shops from opening
            log.exception("plugin_not_loaded", entry_point=entry.name)
    return list(found.values())


def add(dispatcher: Dispatcher, kind: type[Plugin]) -> bool:
    """Check and register one plugin; False when it does not fit this API."""
    try:
        if API_VERSION not in SpecifierSet(kind.api):
            log.warning("plugin_needs_other_api", plugin=kind.id, needs=kind.api, have=API_VERSION)
            return False
        dispatcher.register(kind())
    except (pluggy.PluginValidationError, InvalidSpecifier, AttributeError, TypeError, ValueError):
        log.exception("plugin_not_registered", plugin=kind.__name__)
        return False
    return True


def connect(dispatcher: Dispatcher) -> None:
    """Hand the plugins' providers and hooks to the domains that call them."""
    for plugin, payer in dispatcher.objects("payment_providers"):
        payment_provider.install(payer, partial(_uses, plugin), partial(_settings, plugin), partial(_keep, plugin))
    for plugin, sender in dispatcher.objects("fulfillment_providers"):
        fulfillment_provider.install(sender, partial(_uses, plugin))
    for _plugin, rater in dispatcher.objects("shipping_rate_providers"):
        shipping_provider.install(rater)
    for plugin in dispatcher.manager.get_plugins():
        _install_blocks(plugin)
    for subject in (carriers.SUBJECT, asked.SUBJECT):
        install_panel(subject, PluginPanel(dispatcher, subject))
    shipping_provider.install_filter("plugins", partial(_filter_rates, dispatcher))
    requirements.install_validator("plugins", partial(_requirements, dispatcher))
    checkout_fields.install_fields("plugins", partial(_fields, dispatcher))


def install_app_blocks() -> None:
    """Install the blocks of every plugin and nothing else, for tools that draw themes without a shop."""
    dispatcher = Dispatcher()
    for kind in discover(safe_mode=config().safe_mode):
        add(dispatcher, kind)
    for plugin in dispatcher.manager.get_plugins():
        _install_blocks(plugin)


def _install_blocks(plugin: Plugin) -> None:
    if plugin.theme_files is None:
        return
    try:
        files, declared = read_folder(plugin.theme_files), plugin.settings_schema
        apps.install(plugin.id, plugin.name, files, declared, used=plugin.default_enabled)
    except Exception:  # the plugin's other work goes on without its blocks
        log.exception("plugin_blocks_not_installed", plugin=plugin.id)


def tell_plugins(job: Job) -> None:
    """Consume every event: tell it to the shop's plugins outside any transaction; a repeated delivery tells again."""
    with transaction(job.scope, read_only=True) as session:
        calls = plugins().listeners(session, "on_event", event=without_secrets(job.event))
    for call in calls:
        call()
    with once(job):
        return


def _uses(plugin: Plugin, session: Session) -> bool:
    return is_enabled(session, plugin)


def _settings(plugin: Plugin, session: Session) -> Mapping[str, Any]:
    return settings_of(session, plugin.id)


def _keep(plugin: Plugin, session: Session, learned: Mapping[str, Any]) -> None:
    settings = settings_of(session, plugin.id)
    if {**settings, **learned} != settings:
        enable(session, plugin.id, enabled=is_enabled(session, plugin), settings={**settings, **learned})


def _filter_rates(
    dispatcher: Dispatcher, session: Session, parcel: Parcel, rates: Sequence[ShippingRate]
) -> Sequence[ShippingRate]:
    changed: Sequence[ShippingRate] = dispatcher.apply(session, "shipping_rates", list(rates), parcel=parcel)
    return changed


def _fields(dispatcher: Dispatcher, session: Session) -> Sequence[CheckoutField]:
    found: Sequence[CheckoutField] = dispatcher.apply(session, "checkout_fields", [])
    return found


def _requirements(
    dispatcher: Dispatcher, session: Session, priced: Priced, address: Mapping[str, Any]
) -> Sequence[Requirement]:
    answers: Iterable[Sequence[Requirement]] = dispatcher.collect(
        session, "checkout_requirements", priced=priced, address=address
    )
    return [one for answer in answers for one in answer]
