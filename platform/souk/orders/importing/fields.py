"""What a column of an order file can fill, and which headings are recognised."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

NUMBER = "number"
# Field -> what people call it. Those of a line stand in every row, those of an order in its first one.
ORDER_FIELDS: Mapping[str, str] = MappingProxyType({
    NUMBER: "Order number", "placed_at": "Date", "email": "Email", "customer": "Customer number", "phone": "Phone",
    "name": "Name", "line1": "Street", "line2": "Street, second line", "city": "City", "postal_code": "Postal code",
    "state": "State", "country": "Country", "currency": "Currency", "shipping": "Shipping amount",
    "shipping_title": "Shipping method", "discount": "Discount amount", "tax": "Tax amount", "total": "Total",
    "refunded": "Refunded amount", "financial_status": "Payment status", "fulfillment_status": "Fulfillment status",
    "canceled_at": "Canceled at", "note": "Note", "tags": "Tags",
})  # fmt: skip
LINE_FIELDS: Mapping[str, str] = MappingProxyType({
    "line_quantity": "Quantity", "line_title": "Title", "line_price": "Unit price", "line_sku": "SKU",
    "line_discount": "Discount of the line",
})  # fmt: skip
LEVELS: Mapping[str, Mapping[str, str]] = {"Order": ORDER_FIELDS, "Line": LINE_FIELDS}
AMOUNTS = frozenset(["line_price", "shipping", "discount", "tax", "total", "refunded", "line_discount"])
NEEDED = (NUMBER, "line_quantity", "line_price")
# Headings without blanks and capitals. Shopify's order export says "Name" for the number of the order.
_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    NUMBER: ("invoice", "invoiceno", "ordernumber", "orderid", "orderno", "order", "bestellnummer", "rechnungsnummer"),
    "placed_at": ("invoicedate", "createdat", "orderdate", "date", "placedat", "datum", "bestelldatum"),
    "email": ("email", "customeremail", "billingemail", "emailadresse"),
    "customer": ("customerid", "customer", "customernumber", "kundennummer"),
    "phone": ("phone", "shippingphone", "telefon"),
    "name": ("shippingname", "customername", "kunde"),
    "line1": ("shippingaddress1", "shippingstreet", "address1", "street", "strasse", "straße"),
    "line2": ("shippingaddress2", "address2"),
    "city": ("shippingcity", "city", "ort", "stadt"),
    "postal_code": ("shippingzip", "zip", "postcode", "postalcode", "plz", "shippingpostcode"),
    "state": ("shippingprovince", "province", "state", "shippingstate"),
    "country": ("shippingcountry", "country", "land"),
    "currency": ("currency", "waehrung", "währung"),
    "shipping": ("shipping", "shippingtotal", "shippingamount", "versand", "versandkosten"),
    "shipping_title": ("shippingmethod", "shippingtitle", "versandart"),
    "discount": ("discountamount", "discounttotal", "discount", "rabatt"),
    "tax": ("taxes", "tax", "taxtotal", "steuer", "mwst"),
    "total": ("total", "ordertotal", "grandtotal", "summe", "gesamt"),
    "refunded": ("refundedamount", "refunded"),
    "financial_status": ("financialstatus", "paymentstatus"),
    "fulfillment_status": ("fulfillmentstatus", "shippingstatus"),
    "canceled_at": ("cancelledat", "canceledat"),
    "note": ("notes", "note", "customernote", "bemerkung"),
    "tags": ("tags",),
    "line_quantity": ("lineitemquantity", "quantity", "qty", "menge"),
    "line_title": ("lineitemname", "description", "productname", "product", "item", "title", "artikel"),
    "line_price": ("lineitemprice", "price", "unitprice", "einzelpreis", "preis"),
    "line_sku": ("lineitemsku", "stockcode", "sku", "itemnumber", "artikelnummer"),
    "line_discount": ("lineitemdiscount", "linediscount"),
})  # fmt: skip
_GUESSES = {word: field for field, words in _WORDS.items() for word in words}


def guess(columns: Sequence[str]) -> dict[str, str]:
    """Return column -> field for every heading that is recognised; each field once."""
    found: dict[str, str] = {}
    if "Lineitem name" in columns and "Name" in columns:
        found["Name"] = NUMBER
    for column in columns:
        field = _GUESSES.get(re.sub(r"[\W_]+", "", column.lower()))
        if field is not None and column not in found and field not in found.values():
            found[column] = field
    return found
