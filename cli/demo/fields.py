"""Fields that a merchant of the demo defined: how long a candle burns, and how a piece is kept clean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cli.demo.catalog import Shop
from souk.catalog.metafields.define import DefinitionDraft, define_metafield, list_definitions, read_definition
from souk.catalog.metafields.write import write_metafields
from souk.catalog.models import Product

# Each field with its value by the type of product.
FIELDS: Mapping[str, Sequence[tuple[DefinitionDraft, Mapping[str, str]]]] = {
    "ember": (
        (
            DefinitionDraft("product", "Burn time", "burn_time", "number_integer", description="In hours",
                            validations={"min": "1", "max": "200"}),
            {"Candles": "45"},
        ),
        (
            DefinitionDraft("product", "Care", "care", "single_line_text_field",
                            validations={"choices": ["Dishwasher", "By hand", "Wipe and oil"]}),
            {"Drinkware": "Dishwasher", "Tableware": "Dishwasher", "Cookware": "By hand",
             "Boards & Knives": "Wipe and oil"},
        ),
    ),
}  # fmt: skip


def fill_fields(session: Session, shop: Shop) -> None:
    """Define the shop's fields and write them at its products, unless an earlier start did."""
    if any(one.full_key == "custom.care" for one in list_definitions(session)):
        return
    for draft, values in FIELDS.get(shop.slug, ()):
        definition = read_definition(session, define_metafield(session, draft))
        rows = select(Product.id, Product.product_type).where(Product.product_type.in_(values))
        for product_id, kind in session.execute(rows).all():
            write_metafields(session, "product", product_id, {definition.full_key: (definition, values[kind])})
