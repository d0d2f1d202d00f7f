"""Import every model, so that the metadata of each chain is complete."""

from __future__ import annotations

from sqlalchemy import MetaData

import souk.cart.models
import souk.catalog.models
import souk.checkout.models
import souk.content.models
import souk.customers.models
import souk.inventory.models
import souk.kernel.models
import souk.media.models
import souk.notifications.models
import souk.orders.models
import souk.payments.models
import souk.reviews.models
import souk.shipping.models
import souk.tax.models
import tenants.models
import themes.models  # noqa: F401 - each import fills the metadata below
from souk.kernel.db import ControlBase, PodBase, TenantBase

METADATA: dict[str, MetaData] = {
    "control": ControlBase.metadata,
    "pod": PodBase.metadata,
    "tenant": TenantBase.metadata,
}
