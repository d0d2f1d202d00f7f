"""Orders, their lines and taxes, fulfillments, refunds, numbers and the timeline."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
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
        # An import that runs again finds what it wrote before.
        UniqueConstraint("external_number"),
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
    # What the system called it from which the order was imported.
    external_number: Mapped[str | None]
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
    # What a minor unit was worth in minor units of the shop's currency when it was placed, in which orders are summed.
    to_base: Mapped[Decimal] = mapped_column(Numeric(20, 12), default=Decimal(1), server_default="1")
    shipping_address: Mapped[dict[str, Any]] = mapped_column(JSONB)
    billing_address: Mapped[dict[str, Any]] = mapped_column(JSONB)
    # The chosen rate: code, title, provider, amount.
    shipping_line: Mapped[dict[str, Any]] = mapped_column(JSONB)
    # [{discount_id, code_id, title, code, class, amount}]: what was taken off, those of the shipping among them.
    discounts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    payment_provider: Mapped[str]
    note: Mapped[str] = mapped_column(default="", server_default="")
    # [{id, label, value}]: what plugins asked in the checkout, with the labels of that day.
    fields: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    tags: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    source: Mapped[str] = mapped_column(default="storefront", server_default="storefront")
    cancel_reason: Mapped[str | None]
    # Why nothing of it may be sent for now; empty when it may.
    hold_reason: Mapped[str] = mapped_column(default="", server_default="")
    # [{source, level, text}]: what a provider or a person finds odd about it.
    risks: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    placed_at: Mapped[datetime]
    canceled_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class OrderLine(TenantBase):
    """A snapshot: nothing here is read from the live catalogue later."""

    __tablename__ = "order_lines"
    __table_args__ = (
        # An edit may take a line out; it stays, so that the edit can be undone and what refers to it still reads.
        CheckConstraint("quantity >= 0", name="quantity"),
        CheckConstraint(
            "fulfilled_quantity >= 0 AND canceled_quantity >= 0 AND fulfilled_quantity + canceled_quantity <= quantity",
            name="parts",
        ),
        CheckConstraint("refunded_quantity >= 0 AND refunded_quantity <= quantity", name="refunded"),
        Index("ix_order_lines_order_id", "order_id"),
        Index("ix_order_lines_product_id", "product_id"),
        Index("ix_order_lines_variant_id", "variant_id"),
        # The list of orders is searched by SKU, in any case of letters.
        Index("ix_order_lines_sku", text("lower(sku)")),
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
    # As it was before its first edit: {quantity, discount_total, taxes: {tax line: amount}}; empty until then.
    original: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")


class TaxLine(TenantBase):
    """Tax on one line, or on the shipping when `order_line_id` is null; the rate is that of the order's day.

    `source` names the tax provider that said the rate; '' is the shop's own table.
    """

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
    source: Mapped[str] = mapped_column(default="", server_default="")


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
    """What was granted and why; the money that moved is a payment transaction of its own.

    `kind`: a `refund` gives money back for goods or goodwill, an `edit` gives back what an edit took off the total,
    an `exchange` moves no money: the value of returned goods pays for others.
    """

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("status IN ('pending', 'succeeded', 'failed', 'canceled')", name="status"),
        CheckConstraint("kind IN ('refund', 'edit', 'exchange')", name="kind"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("card_amount >= 0 AND card_amount <= amount", name="card_amount"),
        UniqueConstraint("idempotency_key"),
        Index("ix_refunds_order_id", "order_id"),
    )

    id: Mapped[Key]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    status: Mapped[str] = mapped_column(default="pending", server_default="pending")
    kind: Mapped[str] = mapped_column(default="refund", server_default="refund")
    amount: Mapped[int]
    # [{session_id, amount}]: from which payments; fixed when it is granted, so that a repeat moves the same.
    parts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
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


class OrderChange(TenantBase):
    """What is to become of an order after it was placed: an edit, a return, an exchange or a claim.

    `content` of an edit: {lines: {line: quantity}, added: [{variant_id, quantity, unit_price}]}; of the others:
    {lines: [{line_id, quantity, reason}], received: [{line_id, quantity, restock}], added: [...]}.
    `base_version` is the order's version that an edit was begun on: it is confirmed on this one or not at all.
    """

    __tablename__ = "order_changes"
    __table_args__ = (
        CheckConstraint("kind IN ('edit', 'return', 'exchange', 'claim')", name="kind"),
        CheckConstraint(
            "status IN ('open', 'requested', 'approved', 'received', 'closed', 'declined', 'canceled')", name="status"
        ),
        Index("ix_order_changes_order_id", "order_id"),
        # Two open edits would each preview a difference that the other one changes.
        Index(
            "uq_order_changes_open_edit",
            "order_id",
            unique=True,
            postgresql_where=text("kind = 'edit' AND status = 'open'"),
        ),
        Index("ix_order_changes_waiting", "created_at", postgresql_where=text("status IN ('requested', 'approved')")),
    )

    id: Mapped[Key]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    kind: Mapped[str]
    status: Mapped[str]
    base_version: Mapped[int] = mapped_column(default=0, server_default="0")
    content: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    note: Mapped[str] = mapped_column(default="", server_default="")
    actor: Mapped[str] = mapped_column(default="system", server_default="system")
    refund_id: Mapped[int | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]


class DraftOrder(TenantBase):
    """An order that staff prepare; the buyer pays it through a checkout of its own, once.

    `content`: {lines: [{variant_id, quantity, unit_price}], email, shipping_address, shipping: {title, amount} or
    null, note, tags}. The checkout exists from the invoice on.
    """

    __tablename__ = "draft_orders"
    __table_args__ = (
        UniqueConstraint("checkout_id"),
        UniqueConstraint("order_id"),
        CheckConstraint("status IN ('open', 'invoiced', 'completed', 'canceled')", name="status"),
        CheckConstraint("(status = 'completed') = (order_id IS NOT NULL)", name="completed"),
        Index("ix_draft_orders_created_at", "created_at"),
    )

    id: Mapped[Key]
    status: Mapped[str] = mapped_column(default="open", server_default="open")
    content: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    currency: Mapped[str]
    # No foreign keys: a checkout is forgotten in its time, a draft stays.
    checkout_id: Mapped[int | None]
    order_id: Mapped[int | None]
    reserved_until: Mapped[datetime | None]
    actor: Mapped[str] = mapped_column(default="system", server_default="system")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]


class OrderDocument(TenantBase):
    """An invoice, a credit note or a packing slip. `snapshot` is all that is printed; it never changes.

    `number` is gapless for each kind of a shop.
    """

    __tablename__ = "order_documents"
    __table_args__ = (
        UniqueConstraint("kind", "number"),
        CheckConstraint("kind IN ('invoice', 'credit_note', 'packing_slip')", name="kind"),
        Index("ix_order_documents_order_id", "order_id"),
        # One credit note for a refund and one slip for a parcel, however often somebody asks.
        Index("uq_order_documents_refund", "refund_id", unique=True, postgresql_where=text("refund_id IS NOT NULL")),
        Index(
            "uq_order_documents_parcel",
            "fulfillment_id",
            unique=True,
            postgresql_where=text("fulfillment_id IS NOT NULL"),
        ),
        # An invoice is canceled by at most one credit note.
        Index("uq_order_documents_cancels", "cancels_id", unique=True, postgresql_where=text("cancels_id IS NOT NULL")),
    )

    id: Mapped[Key]
    kind: Mapped[str]
    number: Mapped[int]
    name: Mapped[str]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    refund_id: Mapped[int | None]
    fulfillment_id: Mapped[int | None]
    cancels_id: Mapped[int | None]
    locale: Mapped[str]
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSONB)
    actor: Mapped[str] = mapped_column(default="system", server_default="system")
    created_at: Mapped[CreatedAt]
