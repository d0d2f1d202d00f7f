"""Prefixed public ids: `prod_123` outside, 123 inside."""

from __future__ import annotations

import re

from souk.kernel.errors import NotFound

PRODUCT = "prod"
VARIANT = "variant"
USER = "user"
ORDER = "order"
CHECKOUT = "checkout"
COLLECTION = "collection"
CATEGORY = "category"
FULFILLMENT = "fulfillment"
PAYMENT = "payment"
PAYMENT_METHOD = "method"
REFUND = "refund"
RETURN = "return"
DRAFT_ORDER = "draft"
DOCUMENT = "document"
REVIEW = "review"
ADDRESS = "address"
MEDIA = "media"
LOCATION = "location"
LINE = "line"
FILE = "file"
DOWNLOAD = "download"
WEBHOOK = "webhook"
DELIVERY = "delivery"
METAFIELD = "metafield"
METAOBJECT = "metaobject"
METAOBJECT_DEFINITION = "metaobjectdefinition"
IMPORT = "import"
EXPORT = "export"
SEARCH_RULE = "rule"
SEARCH_TEST = "test"
SEARCH_RUN = "run"
DISCOUNT = "discount"
GIFT_CARD = "giftcard"
PRICE_LIST = "pricelist"
SHIPPING_ZONE = "zone"
TAX_RATE = "taxrate"
THEME = "theme"
PUBLICATION = "publication"
PAGE = "page"
ARTICLE = "article"
MENU = "menu"
REDIRECT = "redirect"

_MAX_BIGINT = 2**63 - 1
_PATTERN = re.compile(r"([a-z]+)_([1-9][0-9]{0,18})")


class UnknownId(NotFound):
    def __init__(self, prefix: str) -> None:
        super().__init__(f"No object has this id; an id looks like {prefix}_123.")


def encode(prefix: str, number: int) -> str:
    return f"{prefix}_{number}"


def decode(prefix: str, text: str) -> int:
    """Return the number in `prefix_number`.

    Raises:
        UnknownId: for another prefix, another shape or a number beyond bigint; a
            malformed id is answered like a missing object, so that nothing can be probed.

    """
    match = _PATTERN.fullmatch(text)
    if match is None or match[1] != prefix:
        raise UnknownId(prefix)
    number = int(match[2])
    if number > _MAX_BIGINT:
        raise UnknownId(prefix)
    return number
