"""The dashboard's page of translations: seen, written, exported and brought back."""

from __future__ import annotations

from io import BytesIO

from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.save_product import save_product
from souk.kernel.db import transaction
from souk.kernel.settings import read_setting, write_setting
from souk.kernel.tenancy import TenantScope
from souk.translating.sources import read_resources
from souk.translating.state import read_translations
from tests.web_dashboard.conftest import SignedIn


def title_in(scope: TenantScope, product_id: int, locale: str) -> str:
    with transaction(scope, read_only=True) as session:
        (row,) = read_translations(session, read_resources(session, "product", ids=[product_id]), locale)
    return row.entries[0].value


def test_a_product_is_translated_on_its_page_and_by_file(signed_in: SignedIn, shop: TenantScope) -> None:
    owner = signed_in(shop, "owner")
    alone = owner.get("~/translations").text
    with transaction(shop) as session:
        write_setting(session, "shop", read_setting(session, "shop") | {"locales": ["de"]})
        product_id = save_product(session, ProductDraft("Kettle", (VariantDraft(900),), description_html="<p>Hot</p>"))
    where = f"~/translations/product/{product_id}?language=de"

    listed = owner.get("~/translations?kind=product&todo=1&q=kett").text
    shown = owner.get(where).text
    saved = owner.post(where, {"t-0": "Kessel", "t-1": "<p>Heiß</p><script>x</script>"}, form=where)
    after = owner.get(where).text
    sheet = owner.get("~/translations/export?language=de")
    sent = sheet.text.replace("translated,Kettle,Kessel", "translated,Kettle,Wasserkessel").encode()
    file = {"file": (BytesIO(sent), "de.csv")}
    brought = owner.post("~/translations/import", file, form="~/translations")
    bad = owner.post("~/translations/import", {"file": (BytesIO(b"a,b\n1,2\n"), "x.csv")}, form="~/translations")

    assert "speaks one language" in alone
    assert "2 missing" in listed
    assert "Kettle" in shown
    assert saved.status_code == 303
    assert 'value="Kessel"' in after
    assert "script" not in after.partition("Heiß")[2].partition("</textarea>")[0]
    assert sheet.text.startswith("Type,Identification,Field,Locale")
    assert brought.status_code == 303
    assert title_in(shop, product_id, "de") == "Wasserkessel"
    assert (bad.status_code, "column Type is missing" in bad.text) == (422, True)
    assert [owner.get(f"~/translations?kind={kind}").status_code for kind in ("theme", "label", "menu", "page")] == [
        200
    ] * 4
    assert owner.get("~/translations/theme/0?language=de").status_code == 200
    assert owner.get("~/translations/nothing/1?language=de").status_code == 404
    assert owner.post(where.replace("=de", "=fr"), {"t-0": "Bouilloire"}, form=where).status_code == 422
    assert title_in(shop, product_id, "de") == "Wasserkessel"


def test_who_may_not_change_goods_does_not_translate(signed_in: SignedIn, shop: TenantScope) -> None:
    assert signed_in(shop, "fulfillment").get("~/translations").status_code == 403
