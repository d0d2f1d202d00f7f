"""A bundle is put together in the dashboard."""

from __future__ import annotations

from souk.catalog.bundles.read import components_of
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from tests.factories.catalog import make_product
from tests.web_dashboard.conftest import SignedIn
from tests.web_dashboard.test_product_pages import made, variants_of


def parts(scope: TenantScope, variant_id: int) -> dict[int, int]:
    with transaction(scope, read_only=True) as session:
        return {one.variant_id: one.quantity for one in components_of(session, [variant_id]).get(variant_id, [])}


def test_parts_are_found_added_counted_and_removed(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    made(shop, "Something whose number the other shop has as well")
    product_id = made(shop, "Bath set")
    ((box, *_),) = variants_of(shop, product_id)
    with transaction(shop) as session:
        (soap,) = make_product(session, "Bundled soap", stock=7)
    with transaction(other_shop) as session:
        make_product(session, "Bundled soap of a stranger")
    owner, path = signed_in(shop, "owner"), f"~/products/{product_id}/variants/{box}/bundle"

    found = owner.get(f"{path}?q=bundled")
    added = owner.post(path, {"add": str(soap)})
    counted = owner.post(path, {f"units-{soap}": "3"})
    bad = owner.post(path, {f"units-{soap}": "0"})

    assert (found.text.count(">Add</button>"), "stranger" in found.text) == (1, False)
    assert (added.status_code, counted.status_code, bad.status_code) == (303, 303, 422)
    assert parts(shop, box) == {soap: 3}
    assert "2 at this moment" in owner.get(path).text
    assert "3 \N{MULTIPLICATION SIGN} Bundled soap" in owner.get(f"~/products/{product_id}").text
    assert ">Add</button>" not in owner.get(f"{path}?q=bundled").text
    listed = owner.get("~/stock?q=Bath set").text
    assert (listed.count("<b>Bath set"), listed.count("as many as its parts allow")) == (1, 1)
    assert 'data-label="Available">2</td>' in listed
    assert "<b>Bath set" not in owner.get("~/stock?q=Bath set&status=out").text
    assert "2 can be sold at this moment" in owner.get(f"~/stock/{box}").text
    assert "<b>Bath set" not in signed_in(other_shop, "owner").get("~/stock?q=Bath set").text
    assert signed_in(other_shop, "owner").post(path, {f"drop-{soap}": "on"}).status_code == 404
    assert parts(shop, box) == {soap: 3}

    owner.post(path, {f"drop-{soap}": "on"})

    assert parts(shop, box) == {}
