"""What a buyer agrees to in the checkout: terms that the shop asks for, and news; kept with the very words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.checkout.queries import CheckoutRow
from souk.checkout.requirements import Requirement
from souk.content.models import Page
from souk.customers.consents import MARKETING, TERMS, note_consent
from souk.kernel import clock
from souk.kernel.errors import Invalid
from souk.kernel.settings import read_setting, write_setting

GROUP = "checkout"


class UnknownTerms(Invalid):
    code = "unknown_terms"

    def __init__(self) -> None:
        super().__init__("There is no published page like this; publish one or choose another.", field="terms_page")


@dataclass(frozen=True, slots=True)
class Terms:
    """The page that buyers agree to; `version` is when it was changed last."""

    handle: str
    title: str
    version: str


def read_terms(session: Session) -> Terms | None:
    """Return the terms that the shop asks its buyers to agree to, None where it asks for none."""
    handle = read_setting(session, GROUP).get("terms_page")
    if not handle:
        return None
    published = select(Page.handle, Page.title, Page.updated_at).where(
        Page.handle == handle, Page.published_at <= clock.now()
    )
    row = session.execute(published).first()
    return None if row is None else Terms(row.handle, row.title, row.updated_at.isoformat(timespec="seconds"))


def terms_choices(session: Session) -> list[tuple[str, str]]:
    """Return (handle, title) of the published pages, policies first."""
    published = select(Page.handle, Page.title).where(Page.published_at <= clock.now())
    return [(row.handle, row.title) for row in session.execute(published.order_by(Page.kind.desc(), Page.title))]


def set_terms(session: Session, handle: str) -> None:
    """Ask buyers to agree to a page from now on, empty for none; raises UnknownTerms."""
    if handle and handle not in dict(terms_choices(session)):
        raise UnknownTerms
    write_setting(session, GROUP, read_setting(session, GROUP) | {"terms_page": handle})


def terms_missing(session: Session, extras: Mapping[str, Any]) -> list[Requirement]:
    if extras.get("terms") or read_terms(session) is None:
        return []
    return [Requirement("terms_missing", "terms", "Agree to the terms of the shop.")]


def note_consents(session: Session, checkout: CheckoutRow) -> None:
    """Keep what was agreed to with the order that it led to."""
    words: Mapping[str, str] = checkout.extras.get("consents", {})
    agreed = [(MARKETING, "")] if checkout.accepts_marketing else []
    if checkout.extras.get("terms"):
        agreed.append((TERMS, words.get("version", "")))
    for kind, version in agreed:
        note_consent(
            session, checkout.email, kind, source="checkout", wording=words.get(kind, ""), version=version,
            checkout_id=checkout.id,
        )  # fmt: skip
