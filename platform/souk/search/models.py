"""What a merchant decides about search beyond the engine's ranking, and what is known of how it is used."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class SearchRule(TenantBase):
    """What one query shows. `terms` is the query in the form of `souk.search.terms.terms_key`."""

    __tablename__ = "search_rules"
    __table_args__ = (UniqueConstraint("terms"), CheckConstraint("terms <> ''", name="terms"))

    id: Mapped[Key]
    terms: Mapped[str]
    # A path of the shop that answers instead of results, empty for none.
    redirect: Mapped[str] = mapped_column(default="", server_default="")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]


class SearchRuleProduct(TenantBase):
    __tablename__ = "search_rule_products"
    __table_args__ = (
        UniqueConstraint("rule_id", "product_id"),
        CheckConstraint("action IN ('pinned', 'boosted', 'hidden')", name="action"),
        Index("ix_search_rule_products_product_id", "product_id"),
    )

    id: Mapped[Key]
    rule_id: Mapped[int] = mapped_column(ForeignKey("search_rules.id", ondelete="CASCADE"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    action: Mapped[str]
    position: Mapped[int] = mapped_column(default=1, server_default="1")


class SearchTest(TenantBase):
    """`terms` must show the product among the first `within`; `found_at` is its place when last run, null for none."""

    __tablename__ = "search_tests"
    __table_args__ = (
        UniqueConstraint("terms", "product_id"),
        CheckConstraint("terms <> ''", name="terms"),
        CheckConstraint("within BETWEEN 1 AND 50", name="within"),
        Index("ix_search_tests_product_id", "product_id"),
    )

    id: Mapped[Key]
    terms: Mapped[str]
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    within: Mapped[int] = mapped_column(default=5, server_default="5")
    found_at: Mapped[int | None]
    checked_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]


class SearchCount(TenantBase):
    """How often a query was asked on a day, by nobody in particular. Retention: 90 days."""

    __tablename__ = "search_counts"
    __table_args__ = (
        CheckConstraint("searches >= 0 AND without_results >= 0 AND clicks >= 0", name="counts"),
        Index("ix_search_counts_terms", "terms", postgresql_ops={"terms": "text_pattern_ops"}),
    )

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    terms: Mapped[str] = mapped_column(primary_key=True)
    searches: Mapped[int] = mapped_column(default=0, server_default="0")
    without_results: Mapped[int] = mapped_column(default=0, server_default="0")
    clicks: Mapped[int] = mapped_column(default=0, server_default="0")


class SearchRun(TenantBase):
    """One rebuild or comparison of the index. Retention: 90 days."""

    __tablename__ = "search_runs"
    __table_args__ = (
        CheckConstraint("kind IN ('rebuild', 'comparison')", name="kind"),
        CheckConstraint("status IN ('live', 'refused', 'equal', 'mended')", name="status"),
        CheckConstraint("finished_at >= started_at", name="times"),
        Index("ix_search_runs_started_at", "started_at"),
    )

    id: Mapped[Key]
    kind: Mapped[str]
    status: Mapped[str]
    products: Mapped[int] = mapped_column(default=0, server_default="0")
    # What was refused or mended: [{"terms": "mug", "product_id": 3, "within": 5, "found_at": null}] or ids.
    details: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    started_at: Mapped[CreatedAt]
    finished_at: Mapped[CreatedAt]
