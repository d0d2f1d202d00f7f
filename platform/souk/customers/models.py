"""Customers, their addresses, sessions and saved payment methods."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class Customer(TenantBase):
    """`email` is stored lower-case; `password_hash` (argon2id) is null until the customer registers.

    `email_proven_at` is when a secret that was mailed to the address came back: until then an account
    sees nothing that was bought with the address elsewhere.
    """

    __tablename__ = "customers"
    __table_args__ = (
        UniqueConstraint("email"),
        CheckConstraint("email = lower(email)", name="email_lower"),
    )

    id: Mapped[Key]
    email: Mapped[str]
    name: Mapped[str] = mapped_column(default="", server_default="")
    phone: Mapped[str] = mapped_column(default="", server_default="")
    password_hash: Mapped[str | None]
    email_proven_at: Mapped[datetime | None]
    locale: Mapped[str] = mapped_column(default="en", server_default="en")
    accepts_marketing: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    marketing_consent_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="", server_default="")
    # Groups that the merchant puts the customer into, in lower case: "vip", "wholesale".
    tags: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    # No tax is taken from an exempt organisation; staff keep the certificate.
    tax_exempt: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]


class CustomerAddress(TenantBase):
    """`address`: {name, line1, line2, city, state, postal_code, country, phone}, and company and tax_number if any."""

    __tablename__ = "customer_addresses"
    __table_args__ = (Index("ix_customer_addresses_customer_id", "customer_id"),)

    id: Mapped[Key]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    address: Mapped[dict[str, Any]] = mapped_column(JSONB)
    is_default: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    created_at: Mapped[CreatedAt]


class CustomerToken(TenantBase):
    """A browser session, an API token, a password reset or a proof of an address: only the SHA-256 is kept."""

    __tablename__ = "customer_tokens"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint("kind IN ('session', 'api', 'password_reset', 'email_proof')", name="kind"),
        Index("ix_customer_tokens_customer_id", "customer_id"),
        Index("ix_customer_tokens_expires_at", "expires_at"),
    )

    id: Mapped[Key]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    kind: Mapped[str]
    token_hash: Mapped[str]
    user_agent: Mapped[str] = mapped_column(default="", server_default="")
    ip_address: Mapped[str] = mapped_column(default="", server_default="")
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]


class Consent(TenantBase):
    """Insert-only: who agreed to what, when, where, and the very words that were agreed to. The last one counts.

    `kind`: `marketing`, whose `given` may be taken back, or `terms`. Kept for good, as the proof that it is.
    """

    __tablename__ = "consents"
    __table_args__ = (
        CheckConstraint("kind IN ('marketing', 'terms')", name="kind"),
        CheckConstraint("email = lower(email)", name="email_lower"),
        Index("ix_consents_email", "email", "kind", "id"),
        Index("ix_consents_checkout_id", "checkout_id"),
    )

    id: Mapped[Key]
    email: Mapped[str]
    kind: Mapped[str]
    given: Mapped[bool]
    # checkout, newsletter, account, unsubscribe or staff
    source: Mapped[str]
    # The words beside the box in the buyer's language, and the version of the document that they name.
    wording: Mapped[str] = mapped_column(default="", server_default="")
    version: Mapped[str] = mapped_column(default="", server_default="")
    checkout_id: Mapped[int | None]
    created_at: Mapped[CreatedAt]


class CustomerPaymentMethod(TenantBase):
    """A provider's token for a method the customer chose to keep; never card data."""

    __tablename__ = "customer_payment_methods"
    __table_args__ = (UniqueConstraint("customer_id", "provider", "provider_reference"),)

    id: Mapped[Key]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    provider: Mapped[str]
    provider_reference: Mapped[str]
    # The provider's own name for the customer, without which it lets nobody use the method.
    provider_customer: Mapped[str] = mapped_column(default="", server_default="")
    label: Mapped[str]
    created_at: Mapped[CreatedAt]
