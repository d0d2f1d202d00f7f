"""Pages that both demo shops have, filled with their own facts."""

# ruff: noqa: E501 - prose is not wrapped
from __future__ import annotations

from cli.demo.catalog import Page


def pages(name: str, about: str, email: str, shipping: str, seat: str) -> tuple[Page, ...]:
    """Write the about, shipping and returns, contact, privacy and terms pages."""
    return (
        Page("about", f"About {name}", about),
        Page("contact", "Contact", f'<p>Write to <a href="mailto:{email}">{email}</a>; a person answers, on weekdays within a day.</p><p>{seat}</p>'),
        Page("shipping-returns", "Shipping & returns", f"{shipping}<h2>Returns</h2><p>Send anything back within 30 days, unused and in its packaging. We pay the way back when something is broken or wrong, and refund within five days of its arrival.</p><p>Write to {email} with your order number and we send a label.</p>", "policy"),
        Page("privacy", "Privacy policy", f"<p>{name} keeps what an order needs: your name, your addresses, what you bought and how to reach you. Payment details go straight to the payment provider and never reach us.</p><h2>How long</h2><p>Orders are kept as long as the law on bookkeeping asks. Everything else goes when you ask for it.</p><h2>Your rights</h2><p>Ask at {email} for a copy of your data, for a correction or for deletion.</p>", "policy"),
        Page("terms", "Terms of service", f"<p>By ordering you enter a contract with {name}. {seat}</p><h2>Prices and payment</h2><p>The price shown at checkout is the price you pay. We charge your payment method when the order is placed.</p><h2>Delivery</h2><p>Ownership passes to you when the parcel reaches you and has been paid for.</p><h2>Warranty</h2><p>The statutory rights for faulty goods apply, and the longer promises on our product pages on top of them.</p>", "policy"),
    )  # fmt: skip


def address(name: str, line1: str, city: str, region: str, country: str) -> tuple[tuple[str, str], ...]:
    """Fill in the fields of an address; `region` is "NY 11217", or a postal code alone."""
    state, _, postal_code = region.rpartition(" ")
    return (
        ("name", name),
        ("line1", line1),
        ("line2", ""),
        ("city", city),
        ("state", state),
        ("postal_code", postal_code),
        ("country", country),
        ("phone", ""),
    )
