"""Recognise a file by its headings: both vocabularies of Shopify's product CSV, and good guesses for all others."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from souk.catalog.importing.fields import METAFIELD, field_of

SHOPIFY: Mapping[str, str] = MappingProxyType({
    # The headings until 2024 and, below them, those of the present template.
    "Handle": "handle", "Title": "title", "Body (HTML)": "description_html", "Vendor": "vendor",
    "Type": "product_type", "Custom Product Type": "product_type", "Product Category": "category",
    "Google Shopping / Google Product Category": "category", "Standardized Product Type": "category",
    "Tags": "tags", "Status": "status", "Published": "published", "SEO Title": "seo_title",
    "SEO Description": "seo_description",
    "Option1 Name": "option1_name", "Option1 Value": "option1_value", "Option2 Name": "option2_name",
    "Option2 Value": "option2_value", "Option3 Name": "option3_name", "Option3 Value": "option3_value",
    "Variant SKU": "sku", "Variant Barcode": "barcode", "Variant Price": "price",
    "Variant Compare At Price": "compare_at_price", "Cost per item": "cost", "Variant Grams": "weight_grams",
    "Variant Requires Shipping": "requires_shipping", "Variant Taxable": "taxable",
    "Variant Inventory Tracker": "inventory_tracker", "Variant Inventory Qty": "inventory_quantity",
    "Variant Inventory Policy": "inventory_policy", "Variant Image": "variant_picture",
    "Unit Price Total Measure": "measure_value", "Unit Price Total Measure Unit": "measure_unit",
    "Unit Price Base Measure": "reference_value", "Unit Price Base Measure Unit": "reference_unit",
    "Unit price total measure": "measure_value", "Unit price total measure unit": "measure_unit",
    "Unit price base measure": "reference_value", "Unit price base measure unit": "reference_unit",
    "Image Src": "picture", "Image Alt Text": "picture_alt", "Image Position": "picture_position",
    "URL handle": "handle", "Description": "description_html", "Product category": "category",
    "Google Shopping / Google product category": "category", "Published on online store": "published",
    "SEO title": "seo_title", "SEO description": "seo_description",
    "Option1 name": "option1_name", "Option1 value": "option1_value", "Option2 name": "option2_name",
    "Option2 value": "option2_value", "Option3 name": "option3_name", "Option3 value": "option3_value",
    "SKU": "sku", "Barcode": "barcode", "Price": "price", "Compare-at price": "compare_at_price",
    "Weight value (grams)": "weight_grams", "Requires shipping": "requires_shipping", "Charge tax": "taxable",
    "Inventory tracker": "inventory_tracker", "Inventory quantity": "inventory_quantity",
    "Continue selling when out of stock": "inventory_policy", "Variant image URL": "variant_picture",
    # Shopify has no columns for these; they are those of our own export.
    "Bundle Components": "components", "Digital Files": "files", "Download Limit": "download_times",
    "Download Days": "download_days",
    "Product image URL": "picture", "Image alt text": "picture_alt", "Image position": "picture_position",
})  # fmt: skip
# No other program writes these.
_TELLING = frozenset([
    "Body (HTML)", "Option1 Name", "Variant Price", "Variant SKU", "Variant Inventory Qty", "Variant Requires Shipping",
    "URL handle", "Published on online store", "Option1 name", "Compare-at price", "Continue selling when out of stock",
])  # fmt: skip
_NEEDED = 2
_METAFIELD = re.compile(r"\(product\.metafields\.([a-z0-9_-]+\.[a-z0-9_-]+)\)$")
_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "handle": ("handle", "slug", "urlkey", "permalink", "urlhandle"),
    "title": ("title", "name", "productname", "producttitle", "titel", "bezeichnung", "artikelname", "nombre"),
    "description_html": ("description", "body", "bodyhtml", "longdescription", "beschreibung", "shortdescription"),
    "vendor": ("vendor", "brand", "manufacturer", "marke", "hersteller", "supplier"),
    "product_type": ("type", "producttype", "typ"),
    "category": ("category", "categories", "kategorie", "warengruppe", "productcategory"),
    "tags": ("tags", "keywords", "schlagworte"),
    "status": ("status",),
    "published": ("published", "visible", "online", "active", "enabled"),
    "seo_title": ("seotitle", "metatitle"),
    "seo_description": ("seodescription", "metadescription"),
    "sku": ("sku", "articlenumber", "itemnumber", "artikelnummer", "id", "productid", "partnumber"),
    "barcode": ("barcode", "ean", "gtin", "upc", "isbn", "ean13"),
    "price": ("price", "regularprice", "preis", "verkaufspreis", "precio", "prix", "unitprice"),
    "price_minor": ("pricecents", "priceminor", "pricepence", "priceincents"),
    "compare_at_price": ("compareatprice", "oldprice", "msrp", "rrp", "uvp", "listprice"),
    "cost": ("cost", "costprice", "costperitem", "purchaseprice", "einkaufspreis"),
    "weight_grams": ("grams", "weightgrams", "weightg", "gewichtg"),
    "weight_kilograms": ("weightkg", "gewichtkg", "kilograms"),
    "inventory_quantity": ("quantity", "qty", "stock", "inventory", "stockquantity", "onhand", "bestand", "lager",
                           "lagerbestand", "menge"),
    "components": ("bundlecomponents", "components", "bundleparts", "parts", "stueckliste", "stückliste"),
    "files": ("digitalfiles", "files"),
    "download_times": ("downloadlimit", "downloads"),
    "download_days": ("downloaddays", "downloadexpiry"),
    "picture": ("image", "imageurl", "imagesrc", "picture", "images", "bild", "bildurl", "photo", "imagesimghigh"),
    "picture_alt": ("imagealt", "alttext", "imagealttext"),
    "option1_value": ("size", "groesse", "größe"),
    "option2_value": ("color", "colour", "farbe"),
})  # fmt: skip
_GUESSES = {word: name for name, words in _WORDS.items() for word in words}


def is_shopify(columns: Sequence[str]) -> bool:
    """Tell whether Shopify wrote these headings, in its old or its present words."""
    return "Title" in columns and len(_TELLING.intersection(columns)) >= _NEEDED


def guess(columns: Sequence[str]) -> dict[str, str]:
    """Return column -> field for every column that is recognised; each field once, but for those that take several."""
    only_shopify = is_shopify(columns)
    fields: dict[str, str] = {}
    for column in columns:
        metafield = _METAFIELD.search(column)
        name = METAFIELD + metafield[1] if metafield else SHOPIFY.get(column)
        if name is None and not only_shopify:
            name = _GUESSES.get(re.sub(r"[\W_]+", "", column.lower()))
        # A second category column would hide the first one, which Shopify fills better.
        field = field_of(name or "")
        if name is not None and field is not None and (field.several or name not in fields.values()):
            fields[column] = name
    return _options_from_the_first(fields)


def _options_from_the_first(fields: dict[str, str]) -> dict[str, str]:
    """Let a colour be the first option where no size is: products without a first one would all be refused."""
    if "option1_value" in fields.values():
        return fields
    return {column: "option1_value" if name == "option2_value" else name for column, name in fields.items()}


def fingerprint(columns: Sequence[str]) -> str:
    """Return what tells two sets of headings apart, whatever their order and their capitals."""
    names = "\x1f".join(sorted(column.strip().lower() for column in columns))
    return hashlib.sha256(names.encode("utf-8", "surrogatepass")).hexdigest()[:32]
