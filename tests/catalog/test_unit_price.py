"""Unit prices: what is read, what it comes to, and that it follows the cheapest variant onto the card."""

from __future__ import annotations

import pytest

from souk.catalog.cards import product_by_handle
from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.edit_variants import VariantEdit, edit_variants
from souk.catalog.errors import ProductInvalid
from souk.catalog.save_product import save_product
from souk.catalog.unit_price import UnitMeasureInvalid, measure_text, read_measure
from souk.catalog.variant_records import variants_of
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope


@pytest.mark.parametrize(
    ("typed", "kept", "amount", "price"),
    [
        ("750 ml", "750ml/1l", 1299, 1732),
        ("0,75 L", "0.75l/1l", 1299, 1732),
        ("250 g / 100 g", "250g/100g", 899, 360),
        ("1.5kg", "1.5kg/1kg", 1000, 667),
        ("30 m", "30m/1m", 990, 33),
        ("2 m²", "2m2/1m2", 5000, 2500),
        ("10 item", "10item/1item", 995, 100),
    ],
)
def test_a_measure_and_what_it_costs(typed: str, kept: str, amount: int, price: int) -> None:
    measure = read_measure(typed)

    assert measure is not None
    assert (str(measure), measure.price(amount)) == (kept, price)
    assert measure_text(kept) == kept


@pytest.mark.parametrize("typed", ["750", "750 oz", "0 ml", "750 ml / 1 kg", "-1 g", "ml", "1/2 l", "750 ml / much"])
def test_what_is_no_measure_is_refused(typed: str) -> None:
    with pytest.raises(UnitMeasureInvalid, match="Units are"):
        measure_text(typed)


def test_the_card_tells_that_of_the_cheapest_variant(shop: TenantScope) -> None:
    small, large = VariantDraft(500, ("S",), unit_measure="250 ml"), VariantDraft(1500, ("L",), unit_measure="1 l")
    with transaction(shop) as session:
        product_id = save_product(session, ProductDraft("Soap", (large, small), options=("Size",)))
        before = product_by_handle(session, "soap")
        ids = {each.title: each.id for each in variants_of(session, [product_id])[product_id]}
        edit_variants(session, {ids["S"]: VariantEdit(unit_measure="200 ml / 100 ml")})
        after = product_by_handle(session, "soap")
        with pytest.raises(ProductInvalid, match="unit_measure"):
            edit_variants(session, {ids["S"]: VariantEdit(unit_measure="much")})
        kept = {each.title: each.unit_measure for each in variants_of(session, [product_id])[product_id]}

    assert before is not None
    assert after is not None
    assert (before.unit_measure, after.unit_measure) == ("250ml/1l", "200ml/100ml")
    assert kept == {"S": "200ml/100ml", "L": "1l/1l"}
