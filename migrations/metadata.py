"""Import every model, so that the metadata of each chain is complete."""

from __future__ import annotations

from sqlalchemy import MetaData

import themes.models  # noqa: F401 - each import fills the metadata below
from souk.kernel.db import ControlBase, PodBase, TenantBase

METADATA: dict[str, MetaData] = {
    "control": ControlBase.metadata,
    "pod": PodBase.metadata,
    "tenant": TenantBase.metadata,
}
