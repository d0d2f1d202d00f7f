"""Carriers and tax providers as apps see and set them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from souk.web.api.schemas.common import Amount, Money, Shape

PluginId = str
MOST = 50


class Provider(Shape):
    """A plugin that is installed; `last_failure` is a sentence about the last seven days, empty without one."""

    id: PluginId
    name: str
    enabled: bool
    last_failure: str
    failed_at: datetime | None


class WriteRateProviders(Shape):
    """`enabled` are the ids of all that are asked. `own_rates`: whether those of the shop's zones are offered `beside`
    them or only where there are none, `silent`. `fallback_price` is what the rate `fallback_title` costs when nobody
    answers, null offers none; `most` is what a rate may cost before it is taken for a mistake.
    """

    enabled: list[PluginId] = Field(max_length=MOST)
    own_rates: Literal["beside", "silent"] = "beside"
    fallback_title: str = Field(default="", max_length=80)
    fallback_price: Amount | None = None
    most: Amount | None = None


class RateProviders(Shape):
    currency: str
    providers: list[Provider]
    own_rates: Literal["beside", "silent"]
    fallback_title: str
    fallback_price: Money | None
    most: Money | None


class WriteTaxProvider(Shape):
    """`provider` is the id of the plugin that is asked, null where the shop's table holds. `when_silent`: the `own`
    table holds then, or orders are refused.
    """

    provider: PluginId | None
    when_silent: Literal["own", "refuse"] = "own"


class TaxProviders(Shape):
    provider: PluginId | None
    when_silent: Literal["own", "refuse"]
    providers: list[Provider]
