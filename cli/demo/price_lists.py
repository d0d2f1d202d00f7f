"""The price lists and currencies of a demo shop: trade customers with breaks, and a second currency."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cli.demo.catalog import Shop
from souk.catalog.models import Variant
from souk.customers.models import Customer
from souk.customers.tags import set_tags
from souk.pricing.drafts import PriceDraft, PriceListDraft
from souk.pricing.save_currency import CurrencyDraft, save_currency
from souk.pricing.save_list import save_price_list
from souk.pricing.set_prices import replace_prices

_EURO_COUNTRIES = (
    "AT", "BE", "CY", "DE", "EE", "ES", "FI", "FR", "GR", "HR", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PT", "SI",
    "SK",
)  # fmt: skip
_NAMED = 3


def install_prices(session: Session, shop: Shop) -> None:
    """Give a shop in euros a list for the trade and pounds, one in dollars a list in euros."""
    if shop.currency == "EUR":
        save_currency(session, CurrencyDraft(code="GBP", rate="0.86", step=5, countries=["GB"]))
        breaks = [(10, "-5"), (50, "-12")]
        save_price_list(session, PriceListDraft(name="Trade customers", tags=["trade"], percent="-10", breaks=breaks))
        # The last one is the regular with the store credit.
        trader = select(Customer.id).where(Customer.email == shop.customers[-2].email)
        set_tags(session, session.execute(trader).scalar_one(), ["trade"])
        return
    save_currency(session, CurrencyDraft(code="EUR", rate="0.92", step=100, less=5, countries=_EURO_COUNTRIES))
    euros = save_price_list(session, PriceListDraft(name="Euro", currency="EUR", breaks=[(10, "-5")]))
    dearest = select(Variant.id, Variant.price).order_by(Variant.price.desc(), Variant.id).limit(_NAMED)
    prices = [PriceDraft(row.id, row.price - row.price % 1_000 - 100) for row in session.execute(dearest)]
    replace_prices(session, euros, [one for one in prices if one.price > 0])
