"""The catalogue's tables."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase

PRODUCT_STATUSES = ("draft", "active", "archived")
INVENTORY_POLICIES = ("deny", "continue")


class Category(TenantBase):
    """A node of the shop's category tree; `path` holds the names from the root, for search and breadcrumbs."""

    __tablename__ = "categories"
    __table_args__ = (UniqueConstraint("handle"),)

    id: Mapped[Key]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"), index=True)
    handle: Mapped[str]
    name: Mapped[str]
    path: Mapped[list[str]]
    # Its place among the children of the same parent.
    position: Mapped[int] = mapped_column(default=1, server_default="1")


# What the database searches while the engine is down. A query must repeat it letter by letter to meet its index; the
# cut keeps a product with an endless description from being refused.
WORDS = (
    "to_tsvector('simple'::regconfig, title || ' ' || vendor || ' ' || product_type || ' ' ||"
    " left(description_html, 20000))"
)


class Product(TenantBase):
    """`price_min`, `price_max`, `available`, `rating` and `rating_count` are copies kept by the writers of
    variants, stock and reviews, so that a listing reads one row a product.
    """

    __tablename__ = "products"
    __table_args__ = (
        UniqueConstraint("handle"),
        CheckConstraint("status IN ('draft', 'active', 'archived')", name="status"),
        CheckConstraint("price_min >= 0 AND price_min <= price_max", name="prices"),
        CheckConstraint("rating >= 0 AND rating <= 5 AND rating_count >= 0", name="rating"),
        CheckConstraint("units_sold >= 0", name="units_sold"),
        CheckConstraint("download_times > 0 AND download_days > 0", name="downloads"),
        Index("ix_products_listing", "published_at", "id", postgresql_where=text("status = 'active'")),
        # One for each order of a listing, read from either end; the id makes the order of equals the same every time.
        Index("ix_products_price", "price_min", "id", postgresql_where=text("status = 'active'")),
        Index("ix_products_title", text("lower(title)"), "id", postgresql_where=text("status = 'active'")),
        Index("ix_products_rating", "rating", "rating_count", "id", postgresql_where=text("status = 'active'")),
        Index("ix_products_units_sold", "units_sold", "id", postgresql_where=text("status = 'active'")),
        Index("ix_products_words", text(WORDS), postgresql_using="gin", postgresql_where=text("status = 'active'")),
        Index("ix_products_vendor", "vendor"),
        Index("ix_products_category_id", "category_id"),
        Index("ix_products_tags", "tags", postgresql_using="gin"),
        Index("ix_products_scheduled", "published_at", postgresql_where=text("scheduled")),
    )

    id: Mapped[Key]
    handle: Mapped[str]
    title: Mapped[str]
    description_html: Mapped[str] = mapped_column(default="", server_default="")
    vendor: Mapped[str] = mapped_column(default="", server_default="")
    product_type: Mapped[str] = mapped_column(default="", server_default="")
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    tags: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    status: Mapped[str] = mapped_column(default="draft", server_default="draft")
    published_at: Mapped[datetime | None]
    # `published_at` lies ahead: the worker tells caches and search when it has come.
    scheduled: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # [{"name": "Size", "values": ["S", "M"]}], at most three, in the order the shopper chooses.
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    # A list of name and value, such as Material: Oak.
    specifications: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    seo_title: Mapped[str] = mapped_column(default="", server_default="")
    seo_description: Mapped[str] = mapped_column(default="", server_default="")
    template_suffix: Mapped[str] = mapped_column(default="", server_default="")
    # Who buys it gets a code worth its price by mail; it is neither taxed nor discounted.
    gift_card: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # Values by "namespace.key", in the type that their definition names.
    metafields: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    price_min: Mapped[int] = mapped_column(default=0, server_default="0")
    price_max: Mapped[int] = mapped_column(default=0, server_default="0")
    compare_at_price: Mapped[int | None]
    # That of the cheapest variant, a copy like the prices.
    unit_measure: Mapped[str] = mapped_column(default="", server_default="")
    available: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    rating: Mapped[Decimal] = mapped_column(Numeric(3, 2), default=Decimal(0), server_default="0")
    rating_count: Mapped[int] = mapped_column(default=0, server_default="0")
    # In the last 90 days, counted again every few hours.
    units_sold: Mapped[int] = mapped_column(default=0, server_default="0")
    # How often and for how many days its files can be downloaded; None: as the shop says.
    download_times: Mapped[int | None]
    download_days: Mapped[int | None]
    # Rises with every change; search drops an update that carries an older one.
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]


class Variant(TenantBase):
    """What is bought and counted. Every product has at least one."""

    __tablename__ = "variants"
    __table_args__ = (
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("compare_at_price IS NULL OR compare_at_price >= 0", name="compare_at_price"),
        CheckConstraint("cost IS NULL OR cost >= 0", name="cost"),
        CheckConstraint("weight_grams >= 0", name="weight_grams"),
        CheckConstraint("inventory_policy IN ('deny', 'continue')", name="inventory_policy"),
        CheckConstraint("backorder_limit >= 0", name="backorder_limit"),
        UniqueConstraint("product_id", "option1", "option2", "option3"),
        Index("ix_variants_product_id", "product_id", "position"),
        Index("ix_variants_sku", "sku"),
        Index("ix_variants_barcode", "barcode"),
    )

    id: Mapped[Key]
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(default="Default Title", server_default="Default Title")
    sku: Mapped[str] = mapped_column(default="", server_default="")
    barcode: Mapped[str] = mapped_column(default="", server_default="")
    price: Mapped[int]
    compare_at_price: Mapped[int | None]
    cost: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=1, server_default="1")
    option1: Mapped[str] = mapped_column(default="", server_default="")
    option2: Mapped[str] = mapped_column(default="", server_default="")
    option3: Mapped[str] = mapped_column(default="", server_default="")
    weight_grams: Mapped[int] = mapped_column(default=0, server_default="0")
    # What it holds and for how much the price is told, such as 750ml/1l; see souk.catalog.unit_price.
    unit_measure: Mapped[str] = mapped_column(default="", server_default="")
    requires_shipping: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    taxable: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    tax_class: Mapped[str] = mapped_column(default="standard", server_default="standard")
    # The zones that send it; '' are the ordinary ones. See souk.shipping.profiles.
    shipping_profile: Mapped[str] = mapped_column(default="", server_default="")
    inventory_tracked: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    inventory_policy: Mapped[str] = mapped_column(default="deny", server_default="deny")
    # How many may be promised beyond the stock where the policy is `continue`; None: as many as buyers want.
    backorder_limit: Mapped[int | None]
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id", ondelete="SET NULL"), index=True)
    # Values by "namespace.key", in the type that their definition names.
    metafields: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")


class ProductMedia(TenantBase):
    """A picture in a product's gallery."""

    __tablename__ = "product_media"
    __table_args__ = (
        UniqueConstraint("product_id", "media_id"),
        Index("ix_product_media_media_id", "media_id"),
    )

    id: Mapped[Key]
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    media_id: Mapped[int] = mapped_column(ForeignKey("media.id"))
    position: Mapped[int] = mapped_column(default=1, server_default="1")
    alt: Mapped[str] = mapped_column(default="", server_default="")


class Collection(TenantBase):
    """A group of products: arranged by hand, or kept by `rules`.

    `rules`: {"match": "all"|"any", "conditions": [{"field", "relation", "value"}]}; NULL for one arranged by hand.
    """

    __tablename__ = "collections"
    __table_args__ = (
        UniqueConstraint("handle"),
        Index("ix_collections_rules", "id", postgresql_where=text("rules IS NOT NULL")),
    )

    id: Mapped[Key]
    handle: Mapped[str]
    title: Mapped[str]
    description_html: Mapped[str] = mapped_column(default="", server_default="")
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id", ondelete="SET NULL"))
    sort_order: Mapped[str] = mapped_column(default="manual", server_default="manual")
    rules: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    seo_title: Mapped[str] = mapped_column(default="", server_default="")
    seo_description: Mapped[str] = mapped_column(default="", server_default="")
    template_suffix: Mapped[str] = mapped_column(default="", server_default="")
    # Values by "namespace.key", in the type that their definition names.
    metafields: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    position: Mapped[int] = mapped_column(default=1, server_default="1")
    published_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]


class CollectionProduct(TenantBase):
    __tablename__ = "collection_products"
    __table_args__ = (
        UniqueConstraint("collection_id", "product_id"),
        Index("ix_collection_products_product_id", "product_id"),
        Index("ix_collection_products_order", "collection_id", "position", "product_id"),
    )

    id: Mapped[Key]
    collection_id: Mapped[int] = mapped_column(ForeignKey("collections.id", ondelete="CASCADE"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=1, server_default="1")
