"""What a shopper's phone has to fetch for a product page, pictures left out."""

from __future__ import annotations

import gzip
import re

import pytest

from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.save_product import save_product
from souk.kernel.db import transaction
from tests.fixtures.shops import make_shop
from tests.web.conftest import ClientFor
from themes.add_builtin import add_builtin
from themes.publishing import publish_theme

_REFERENCE = re.compile(r'<(?:link rel="stylesheet" href|script type="module" src)="([^"]+)"')
MOST, MOST_SCRIPT = 100 * 1024, 30 * 1024
WORDS = " ".join(f"word{number}" for number in range(500))


@pytest.mark.parametrize("handle", ["bazaar", "ledger"])
def test_a_product_page_is_light(client_for: ClientFor, handle: str) -> None:
    scope = make_shop()
    variants = tuple(VariantDraft(1000 + at, (f"Size {at}",), sku=f"CHAIR-{at}") for at in range(100))
    with transaction(scope) as session:
        save_product(session, ProductDraft("Chair", variants, description_html=f"<p>{WORDS}</p>", options=("Size",)))
        publish_theme(session, add_builtin(session, handle))
    client = client_for(scope)
    html = client.get("/products/chair").text
    bodies = {path: client.get(path).data for path in _REFERENCE.findall(html)}
    sizes = {path: len(gzip.compress(body)) for path, body in bodies.items()}

    assert len(sizes) >= 4
    assert sum(size for path, size in sizes.items() if path.endswith(".js")) <= MOST_SCRIPT
    assert sum(sizes.values()) + len(gzip.compress(html.encode())) <= MOST
