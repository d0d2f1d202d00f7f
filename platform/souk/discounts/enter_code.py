"""Put a code on a cart, or take it off."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.cart.models import Cart
from souk.cart.queries import items_of, open_cart
from souk.discounts.buyers import Claim
from souk.discounts.errors import REASONS, CodeUnknown, TooManyCodes
from souk.discounts.evaluate import evaluate
from souk.discounts.terms import Outcome
from souk.pricing.rules import Market

MAX_CODES = 5
# Reasons that may end by themselves on the way to the payment: the code stays and waits.
_WAITING = frozenset({"waits_for_shipping"})
_CODE = re.compile(r"[A-Z0-9][A-Z0-9_.%+-]{0,59}")


def normalize_code(typed: str) -> str:
    """Return a code as it is stored; empty when no code can look like this."""
    code = "".join(typed.upper().split())
    return code if _CODE.fullmatch(code) else ""


def enter_code(  # noqa: PLR0917 - which cart, what, who, where
    session: Session, cart_id: int, typed: str, claim: Claim, country: str = "", market: Market | None = None
) -> None:
    """Add a code to a cart whose row is locked; entered twice it stands once.

    Raises:
        CodeRefused: one class for each reason; nothing was changed.
        TooManyCodes: likewise.

    """
    code = normalize_code(typed)
    if not code:
        raise CodeUnknown(typed.strip()[:60])
    codes = codes_of(session, cart_id)
    if code in codes:
        return
    if len(codes) >= MAX_CODES:
        raise TooManyCodes(MAX_CODES)
    items, currency = items_of(session, cart_id, market), market.currency if market else ""
    refuse(evaluate(session, items, _with(claim, [*codes, code]), country=country, currency=currency), code)
    session.execute(update(Cart).where(Cart.id == cart_id).values(discount_codes=[*codes, code]))


def remove_code(session: Session, cart_id: int, typed: str) -> None:
    """Take a code off a cart whose row is locked; one that is not there changes nothing."""
    code = normalize_code(typed)
    left = [one for one in codes_of(session, cart_id) if one != code]
    session.execute(update(Cart).where(Cart.id == cart_id).values(discount_codes=left))


def codes_of(session: Session, cart_id: int) -> Sequence[str]:
    return session.execute(select(Cart.discount_codes).where(Cart.id == cart_id)).scalar_one()


def refuse(outcome: Outcome, code: str) -> None:
    """Raise the error that says why `code` does not count; nothing when it does."""
    if code in outcome.unknown:
        raise CodeUnknown(code)
    for one in outcome.refused:
        if one.terms.code == code and one.reason not in _WAITING:
            raise REASONS[one.reason](code, **({"missing": one.missing} if one.missing else {}))


def enter_into(session: Session, cart_token: str, typed: str, claim: Claim, groups: Iterable[str] = ()) -> None:
    """Do what `enter_code` does, for the cart of a token; raises UnknownCart too."""
    cart = open_cart(session, cart_token, lock=True)
    enter_code(session, cart.id, typed, claim, market=Market(cart.currency, cart.country, frozenset(groups)))


def remove_from(session: Session, cart_token: str, typed: str) -> None:
    """Do what `remove_code` does, for the cart of a token; raises UnknownCart."""
    remove_code(session, open_cart(session, cart_token, lock=True).id, typed)


def _with(claim: Claim, codes: Sequence[str]) -> Claim:
    return Claim(codes, claim.customer_id, claim.email, claim.checkout_id)
