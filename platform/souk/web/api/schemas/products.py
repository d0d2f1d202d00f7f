"""Products, reviews and search."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from souk.web.api.schemas.common import Limit, Money, Page, QueryAmount, QueryBool, Shape, Stars

Sort = Literal["relevance", "price_asc", "price_desc", "rating", "newest", "name"]


CurrencyCode = Annotated[str, Field(pattern=r"^([A-Z]{3})?$")]
CountryCode = Annotated[str, Field(pattern=r"^([A-Z]{2})?$")]


class MarketParameters(Shape):
    """Prices are those of `country` in `currency`; without one the currency that the shop shows there."""

    currency: CurrencyCode = ""
    country: CountryCode = ""


class SearchParameters(MarketParameters):
    """`category` is one name or a path joined by " > "; prices are major units of `currency`.

    `options` names values of the facets below `options`, as in `Color:Red|Color:Blue|Size:M`: a hit has one of the
    values of each name.

    Hits are filtered and sorted by the shop's own prices: bounds in another currency are converted by its rate.
    """

    q: str = Field(default="", max_length=200)
    category: str = Field(default="", max_length=300)
    brand: str = Field(default="", max_length=200)
    options: str = Field(default="", max_length=600, pattern=r"^([^:|]+:[^|]+(\|[^:|]+:[^|]+)*)?$")
    price_min: QueryAmount | None = None
    price_max: QueryAmount | None = None
    in_stock: QueryBool | None = None
    rating_min: QueryAmount | None = Field(default=None, json_schema_extra={"maximum": 5})
    sort: Sort = "relevance"
    page: Page = 1
    limit: Limit = 24

    def chosen_options(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for pair in self.options.split("|") if self.options else ():
            name, _, value = pair.partition(":")
            found[name] = (*found.get(name, ()), value)
        return found

    @model_validator(mode="after")
    def rating_has_five_stars(self) -> SearchParameters:
        if self.rating_min is not None and self.rating_min > Decimal(5):
            raise PydanticCustomError("rating_min", "rating_min is at most 5")
        return self


class ProductSummary(Shape):
    id: str
    name: str
    price: Money
    currency: str
    rating: Money
    image_url: str | None
    in_stock: bool
    handle: str


class FacetCount(Shape):
    value: str
    count: int


class PriceRange(Shape):
    min: Money
    max: Money


class Facets(Shape):
    """Counts over all hits, each without its own filter; `options` maps the option's name to its values.

    A value of `rating` is a number of stars to send as `rating_min`: it counts what has so many or more.
    """

    category: list[FacetCount] = Field(default_factory=list)
    brand: list[FacetCount] = Field(default_factory=list)
    in_stock: list[FacetCount] = Field(default_factory=list)
    rating: list[FacetCount] = Field(default_factory=list)
    price: PriceRange | None = None
    options: dict[str, list[FacetCount]] = Field(default_factory=dict)


class SearchPage(Shape):
    products: list[ProductSummary]
    total: int
    page: int
    limit: int
    facets: Facets


class Specification(Shape):
    name: str
    value: str


class PriceBreak(Shape):
    """What one unit costs when at least `min_quantity` of the variant are bought."""

    min_quantity: int
    price: Money


class VariantPart(Shape):
    """`quantity` units of a variant in each bundle."""

    variant_id: str
    product_id: str
    title: str
    variant_title: str
    sku: str
    quantity: int


class VariantShape(Shape):
    """`components` are what a bundle consists of, and empty for any other variant."""

    id: str
    title: str
    sku: str
    price: Money
    compare_at_price: Money | None
    currency: str
    options: dict[str, str]
    in_stock: bool
    components: list[VariantPart] = Field(default_factory=list)
    quantity_breaks: list[PriceBreak] = Field(default_factory=list)


class Picture(Shape):
    url: str
    alt: str
    width: int
    height: int


class ReviewShape(Shape):
    id: str
    author: str
    rating: int
    title: str
    body: str
    verified: bool
    created_at: datetime


class ProductDetail(Shape):
    """`price` is the lowest of the variants; `description` is sanitized HTML."""

    id: str
    name: str
    description: str
    price: Money
    currency: str
    category: str | None
    brand: str
    specifications: list[Specification]
    variants: list[VariantShape]
    images: list[Picture]
    reviews: list[ReviewShape]
    related_products: list[ProductSummary]
    in_stock: bool


class WriteReview(Shape):
    rating: Stars
    title: str = Field(default="", max_length=200)
    body: str = Field(default="", max_length=5_000)


class WrittenReview(ReviewShape):
    status: Literal["pending", "published"]


class ReviewParameters(Shape):
    page: Page = 1
    limit: Limit = 10


class ReviewPage(Shape):
    reviews: list[ReviewShape]
    total: int
    page: int
    limit: int
