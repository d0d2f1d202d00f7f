"""The frozen rows that a Reader hands to drops: the only data that crosses from the shop's tables into a theme.

Money is an integer of minor units in the page's currency (`LocalizationRow.currency`); a cart names its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class ShopRow:
    name: str
    url: str
    description: str = ""
    currency: str = "USD"
    locale: str = "en"
    country: str = "US"
    email: str = ""


@dataclass(frozen=True, slots=True)
class RequestRow:
    """The request as a theme may know it; `query` holds the decoded pairs of the query string in order."""

    host: str
    path: str
    page_type: str
    locale: str = "en"
    design_mode: bool = False
    query: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RoutesRow:
    root_url: str = "/"
    cart_url: str = "/cart"
    cart_add_url: str = "/cart/add"
    cart_change_url: str = "/cart/change"
    cart_update_url: str = "/cart/update"
    cart_order_url: str = "/cart/order"
    quick_order_url: str = "/quick-order"
    search_url: str = "/search"
    predictive_search_url: str = "/search/suggest"
    account_url: str = "/account"
    account_login_url: str = "/account/sign-in"
    account_register_url: str = "/account/register"
    account_logout_url: str = "/account/sign-out"
    all_products_collection_url: str = "/collections/all"
    collections_url: str = "/collections"
    checkout_url: str = "/checkout"
    blog_url: str = "/blog"
    contact_url: str = "/contact"
    newsletter_url: str = "/newsletter"
    newsletter_confirm_url: str = "/newsletter/confirm"
    storefront_password_url: str = "/password"  # noqa: S105 - an address
    # The same in every language, since it changes the language too.
    localization_url: str = "/localization"


def routes_at(prefix: str) -> RoutesRow:
    """Return the addresses in the language whose pages stand below `prefix`, such as /de."""
    plain = RoutesRow()
    if not prefix:
        return plain
    names = RoutesRow.__dataclass_fields__
    found = {name: prefix + getattr(plain, name).rstrip("/") for name in names}
    return RoutesRow(**found | {"localization_url": plain.localization_url})


@dataclass(frozen=True, slots=True)
class LanguageRow:
    """A language in its own words; `url` is the present page in it, `own` says that the shop itself speaks it."""

    locale: str
    name: str
    url: str
    current: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class CurrencyRow:
    """A currency that a visitor may choose."""

    code: str
    name: str
    symbol: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class LocalizationRow:
    locale: str = "en"
    currency: str = "USD"
    country: str = "US"
    direction: str = "ltr"
    # What stands before the addresses of the shop's pages in this language: nothing for its own one.
    prefix: str = ""
    languages: tuple[LanguageRow, ...] = ()
    currencies: tuple[CurrencyRow, ...] = ()
    # Where the shop sends to, as ISO 3166-1 alpha-2 codes; `*` among them is everywhere else.
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """A value that names something of the shop; `kind`: metaobject, file, product, collection or page."""

    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry that the merchant defined; `fields` holds values as metafields do, by key."""

    id: int
    type: str
    handle: str
    title: str
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImageRow:
    """A stored image; `key` is the media key of its address, sizes are pixels."""

    id: int
    key: str
    alt: str
    width: int
    height: int
    position: int = 1
    # CSS position of what must stay in sight where the picture is cut, such as "20% 80%"; empty for the middle.
    focus: str = ""


@dataclass(frozen=True, slots=True)
class LinkRow:
    title: str
    url: str
    links: tuple[LinkRow, ...] = ()


@dataclass(frozen=True, slots=True)
class MenuRow:
    handle: str
    title: str
    links: tuple[LinkRow, ...] = ()


@dataclass(frozen=True, slots=True)
class PageRow:
    id: int
    handle: str
    title: str
    content: str = ""


@dataclass(frozen=True, slots=True)
class ProductRow:
    """What a product card needs; everything else is a batched relation of the Reader."""

    id: int
    handle: str
    title: str
    price_min: int
    price_max: int
    compare_at_price: int | None = None
    available: bool = True
    vendor: str = ""
    type: str = ""
    tags: tuple[str, ...] = ()
    featured_image: ImageRow | None = None
    second_image: ImageRow | None = None
    rating: float | None = None
    rating_count: int = 0
    has_only_default_variant: bool = False
    # What the cheapest variant holds, as souk.catalog.unit_price writes it.
    unit_measure: str = ""
    created_at: datetime | None = None
    # As stored, for who asks for its options next; a card is told from another by the rest.
    options: Sequence[Mapping[str, Any]] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PartRow:
    """What a bundle consists of: `quantity` units of another variant in each bundle."""

    quantity: int
    title: str
    variant_title: str = ""
    sku: str = ""


@dataclass(frozen=True, slots=True)
class VariantRow:
    """One purchasable variant; `low_stock` is set only when 5 or fewer are left and stock is tracked.

    `backorder`: it can be bought, but none of it is there.
    """

    id: int
    product_id: int
    title: str
    price: int
    options: tuple[str, ...] = ()
    compare_at_price: int | None = None
    available: bool = True
    sku: str = ""
    barcode: str = ""
    inventory_policy: str = "deny"
    low_stock: int | None = None
    image: ImageRow | None = None
    weight_grams: int = 0
    components: tuple[PartRow, ...] = ()
    unit_measure: str = ""
    backorder: bool = False
    # (from how many, the price of each), ascending.
    breaks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class OptionRow:
    name: str
    position: int
    values: tuple[str, ...]
    # The same words in the language of the visit; empty where they are the same.
    label: str = ""
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CategoryRow:
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class SpecificationRow:
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class ReviewRow:
    author: str
    rating: int
    title: str
    body: str
    created_at: datetime
    verified: bool = False
    reply: str = ""


@dataclass(frozen=True, slots=True)
class CollectionRow:
    id: int
    handle: str
    title: str
    description: str = ""
    image: ImageRow | None = None
    products_count: int = 0
    sort_by: str = "manual"
    template_suffix: str = ""


@dataclass(frozen=True, slots=True)
class SearchRow:
    """The main resource of a search page; `performed` is False while the box is empty."""

    terms: str
    performed: bool = True


@dataclass(frozen=True, slots=True)
class ListingQuery:
    """Which products to list: of a collection, or matching `terms`; filters are the `filter.*` pairs as given."""

    collection_id: int | None
    terms: str | None
    sort_by: str
    filters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FacetValueRow:
    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class FacetRow:
    """One filter; `type` is list, boolean or price_range (then the bounds are minor units)."""

    label: str
    param_name: str
    type: str
    values: tuple[FacetValueRow, ...] = ()
    range_max: int | None = None


@dataclass(frozen=True, slots=True)
class ListingRow:
    """One window of a listing. `facets` is None when the reader wants them asked for apart."""

    products: tuple[ProductRow, ...]
    total: int
    facets: tuple[FacetRow, ...] | None = None
    notice: str | None = None
    suggestions: tuple[str, ...] = ()
    alternatives: tuple[ProductRow, ...] = ()


@dataclass(frozen=True, slots=True)
class CartItemRow:
    key: str
    product_title: str
    url: str
    quantity: int
    price: int
    line_price: int
    variant_title: str = ""
    image: ImageRow | None = None
    original_price: int | None = None
    max_quantity: int | None = None
    available: bool = True
    problem: str | None = None
    components: tuple[PartRow, ...] = ()


@dataclass(frozen=True, slots=True)
class CartDiscountRow:
    """`amount` is what it takes off; a code that does not count takes off nothing and has a `problem`."""

    title: str
    code: str = ""
    amount: int = 0
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class CartRow:
    currency: str
    items: tuple[CartItemRow, ...] = ()
    subtotal: int = 0
    total: int = 0
    note: str = ""
    error: str = ""
    discounts: tuple[CartDiscountRow, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerRow:
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """A post of the blog; `content` is sanitised HTML, `excerpt` plain text."""

    id: int
    handle: str
    title: str
    content: str = ""
    excerpt: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()
    image: ImageRow | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BlogRow:
    """A page of the blog: the posts of one tag when `tag` is set; `path` is its address without a page number."""

    title: str
    articles: tuple[ArticleRow, ...] = ()
    tags: tuple[str, ...] = ()
    tag: str = ""
    page: int = 1
    pages: int = 1
    path: str = "/blog"


Resource = ProductRow | CollectionRow | SearchRow | PageRow | BlogRow | ArticleRow
