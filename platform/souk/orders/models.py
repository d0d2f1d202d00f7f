"""Orders, their lines and taxes, fulfillments, refunds, numbers and the timeline."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class NumberSequence(TenantBase):
    """A gapless counter: its row lock is held until the order that took the number commits."""

    __tablename__ = "number_sequences"

    name: Mapped[str] = mapped_column(primary_key=True)
    next_value: Mapped[int]


class Order(TenantBase):
    """Status is small; financial and fulfillment status are derived from the sums of transactions and lines and
    stored, so that lists can filter by them.
    """

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("token"),
        UniqueConstraint("cart_id"),
        UniqueConstraint("checkout_id"),
        CheckConstraint("status IN ('draft', 'open', 'archived', 'canceled')", name="status"),
        CheckConstraint(
            "financial_status IN ('pending', 'authorized', 'partially_paid', 'paid',"
            " 'partially_refunded', 'refunded', 'voided', 'expired')",
            name="financial_status",
        ),
        CheckConstraint(
            "fulfillment_status IN ('unfulfilled', 'partially_fulfilled', 'fulfilled',"
            " 'in_progress', 'on_hold', 'scheduled')",
            name="fulfillment_status",
        ),
        CheckConstraint("total = subtotal - discount_total + shipping_total + additional_tax_total", name="adds_up"),
        Index("ix_orders_placed_at", "placed_at", "id"),
        Index("ix_orders_customer_id", "customer_id", "placed_at"),
        Index("ix_orders_email", "email"),
    )

    id: Mapped[Key]
    number: Mapped[int]
    # "#1001": what people call the order.
    name: Mapped[str]
    token: Mapped[str]
    cart_id: Mapped[int | None]
    checkout_id: Mapped[int | None]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"))
    status: Mapped[str] = mapped_column(default="open", server_default="open")
    financial_status: Mapped[str] = mapped_column(default="pending", server_default="pending")
    fulfillment_status: Mapped[str] = mapped_column(default="unfulfilled", server_default="unfulfilled")
    email: Mapped[str]
    phone: Mapped[str] = mapped_column(default="", server_default="")
    locale: Mapped[str] = mapped_column(default="en", server_default="en")
    currency: Mapped[str]
    prices_include_tax: Mapped[bool]
    subtotal: Mapped[int]
    discount_total: Mapped[int] = mapped_column(default=0, server_default="0")
    shipping_total: Mapped[int]
    included_tax_total: Mapped[int] = mapped_column(default=0, server_default="0")
    additional_tax_total: Mapped[int] = mapped_column(default=0, server_default="0")
    total: Mapped[int]
    shipping_address: Mapped[dict[str, Any]] = mapped_column(JSONB)
    billing_address: Mapped[dict[str, Any]] = mapped_column(JSONB)
    # The chosen rate: code, title, provider, amount.
    shipping_line: Mapped[dict[str, Any]] = mapped_column(JSONB)
    # [{discount_id, code_id, title, code, class, amount}]: what was taken off, those of the shipping among them.
    discounts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    payment_provider: Mapped[str]
    note: Mapped[str] = mapped_column(default="", server_default="")
    tags: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    source: Mapped[str] = mapped_column(default="storefront", server_default="storefront")
    cancel_reason: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    placed_at: Mapped[datetime]
    canceled_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class OrderLine(TenantBase):
    """A snapshot: nothing here is read from the live catalogue later."""

    __tablename__ = "order_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint(
            "fulfilled_quantity >= 0 AND canceled_quantity >= 0 AND fulfilled_quantity + canceled_quantity <= quantity",
            name="parts",
        ),
        CheckConstraint("refunded_quantity >= 0 AND refunded_quantity <= quantity", name="refunded"),
        Index("ix_order_lines_order_id", "order_id"),
        Index("ix_order_lines_product_id", "product_id"),
        Index("ix_order_lines_variant_id", "variant_id"),
    )

    id: Mapped[Key]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    # The product may be deleted later; the snapshot stays, so these are plain numbers.
    product_id: Mapped[int | None]
    variant_id: Mapped[int | None]
    level_id: Mapped[int | None]
    title: Mapped[str]
    variant_title: Mapped[str] = mapped_column(default="", server_default="")
    sku: Mapped[str] = mapped_column(default="", server_default="")
    vendor: Mapped[str] = mapped_column(default="", server_default="")
    image_key: Mapped[str] = mapped_column(default="", server_default="")
    quantity: Mapped[int]
    fulfilled_quantity: Mapped[int] = mapped_column(default=0, server_default="0")
    canceled_quantity: Mapped[int] = mapped_column(default=0, server_default="0")
    refunded_quantity: Mapped[int] = mapped_column(default=0, server_default="0")
    unit_price: Mapped[int]
    # The quantity times the unit price, before discounts.
    subtotal: Mapped[int]
    discount_total: Mapped[int] = mapped_column(default=0, server_default="0")
    tax_total: Mapped[int] = mapped_column(default=0, server_default="0")
    requires_shipping: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    taxable: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    weight_grams: Mapped[int] = mapped_column(default=0, server_default="0")
    gift_card: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # What a bundle consists of: [{variant_id, quantity (in each bundle), title, variant_title, sku, level_id}].
    components: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    # [{"step": "base", "amount": 1200}, ...]: how the price came about
    price_trace: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")


class TaxLine(TenantBase):
    """Tax on one line, or on the shipping when `order_line_id` is null; the rate is that of the order's day."""

    __tablename__ = "tax_lines"
    __table_args__ = (
        Index("ix_tax_lines_order_id", "order_id"),
        Index("ix_tax_lines_order_line_id", "order_line_id"),
    )

    id: Mapped[Key]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    order_line_id: Mapped[int | None] = mapped_column(ForeignKey("order_lines.id"))
    title: Mapped[str]
    rate: Mapped[Decimal]
    amount: Mapped[int]
    included: Mapped[bool]


class OrderEvent(TenantBase):
    """The timeline. `type` and `params` are data, so that any language can tell them.

    `actor`: `customer`, `system`, `staff:<id>`, `app:<id>`, `provider:<name>`.
    """

    __tablename__ = "order_events"
    __table_args__ = (Index("ix_order_events_order_id", "order_id", "id"),)

    id: Mapped[Key]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    type: Mapped[str]
    actor: Mapped[str] = mapped_column(default="system", server_default="system")
    params: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    created_at: Mapped[CreatedAt]


class Fulfillment(TenantBase):
    """One parcel."""

    __tablename__ = "fulfillments"
    __table_args__ = (
        CheckConstraint("status IN ('pending', 'shipped', 'delivered', 'canceled')", name="status"),
        # One request to a provider makes one parcel however often its job runs.
        UniqueConstraint("request_key"),
        Index("ix_fulfillments_order_id", "order_id"),
    )

    id: Mapped[Key]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    status: Mapped[str] = mapped_column(default="pending", server_default="pending")
    provider: Mapped[str] = mapped_column(default="manual", server_default="manual")
    request_key: Mapped[str | None]
    tracking_company: Mapped[str] = mapped_column(default="", server_default="")
    tracking_number: Mapped[str] = mapped_column(default="", server_default="")
    tracking_url: Mapped[str] = mapped_column(default="", server_default="")
    # The carrier's own word, apart from ours.
    tracking_status: Mapped[str] = mapped_column(default="unknown", server_default="unknown")
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    last_error: Mapped[str] = mapped_column(default="", server_default="")
    shipped_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    canceled_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]


class FulfillmentLine(TenantBase):
    __tablename__ = "fulfillment_lines"
    __table_args__ = (
        UniqueConstraint("fulfillment_id", "order_line_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        Index("ix_fulfillment_lines_order_line_id", "order_line_id"),
    )

    id: Mapped[Key]
    fulfillment_id: Mapped[int] = mapped_column(ForeignKey("fulfillments.id"))
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"))
    quantity: Mapped[int]


class Refund(TenantBase):
    """What was granted and why; the money that moved is a payment transaction of its own."""

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("status IN ('pending', 'succeeded', 'failed', 'canceled')", name="status"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("card_amount >= 0 AND card_amount <= amount", name="card_amount"),
        UniqueConstraint("idempotency_key"),
        Index("ix_refunds_order_id", "order_id"),
    )

    id: Mapped[Key]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    status: Mapped[str] = mapped_column(default="pending", server_default="pending")
    amount: Mapped[int]
    shipping_amount: Mapped[int] = mapped_column(default=0, server_default="0")
    # What of `amount` goes back to gift cards and store credit; the provider moves the rest.
    card_amount: Mapped[int] = mapped_column(default=0, server_default="0")
    reason: Mapped[str]
    note: Mapped[str] = mapped_column(default="", server_default="")
    idempotency_key: Mapped[str]
    # [{order_line_id, quantity, amount, restock: true}]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    actor: Mapped[str] = mapped_column(default="system", server_default="system")
    created_at: Mapped[CreatedAt]
