"""Import every model, so that the metadata of each chain is complete."""

from __future__ import annotations

from importlib import import_module

from sqlalchemy import MetaData

from souk.kernel.db import ControlBase, PodBase, TenantBase

MODEL_MODULES = (
    "souk.cart.models",
    "souk.catalog.bundles.models",
    "souk.catalog.digital.models",
    "souk.catalog.exporting.models",
    "souk.catalog.importing.models",
    "souk.catalog.metafields.models",
    "souk.catalog.metaobjects.models",
    "souk.catalog.models",
    "souk.checkout.admission.models",
    "souk.pricing.models",
    "souk.checkout.models",
    "souk.content.models",
    "souk.customers.models",
    "souk.discounts.models",
    "souk.inventory.models",
    "souk.kernel.models",
    "souk.media.models",
    "souk.notifications.models",
    "souk.orders.downloads.models",
    "souk.orders.models",
    "souk.payments.gift_cards.models",
    "souk.payments.models",
    "souk.reviews.models",
    "souk.search.models",
    "souk.shipping.models",
    "souk.tax.models",
    "tenants.models",
    "themes.models",
)
for module in MODEL_MODULES:
    import_module(module)

METADATA: dict[str, MetaData] = {
    "control": ControlBase.metadata,
    "pod": PodBase.metadata,
    "tenant": TenantBase.metadata,
}
