"""Every module with views, so that importing this one makes the blueprint whole."""

from __future__ import annotations

from souk.web.accounts import addresses, email_proof, overview, payment_methods, sign_in
from souk.web.accounts.frame import blueprint

__all__ = ["addresses", "blueprint", "email_proof", "overview", "payment_methods", "sign_in"]
