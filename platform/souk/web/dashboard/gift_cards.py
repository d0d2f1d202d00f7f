"""Gift cards and store credit: list, issue, look at, stop, adjust; and which products are gift cards."""

from __future__ import annotations

from flask import g, request
from flask_login import current_user

from souk.catalog.gift_card import sell_as_gift_card
from souk.kernel.db import transaction
from souk.kernel.errors import NotFound, SoukError
from souk.payments.gift_cards.errors import GiftCardInvalid
from souk.payments.gift_cards.issue import NewCard, adjust, grant_credit, issue_card
from souk.payments.gift_cards.queries import list_cards, movements, outstanding, read_card
from souk.payments.gift_cards.set_status import set_card_status
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import PER_PAGE, asked, done, page, page_number
from souk.web.dashboard.typed_values import cleaned, typed_amount, typed_moment


@blueprint.get("/shops/<slug>/gift-cards")
@in_shop()
def gift_cards(access: ShopAccess) -> Answer:
    return _list(access)


@blueprint.post("/shops/<slug>/gift-cards")
@in_shop(Permission.ORDERS)
def issue_gift_card(access: ShopAccess) -> Answer:
    form = {name: cleaned(request.form.get(name, ""), 1_000) for name in ("amount", "name", "email", "message", "note")}
    try:
        card = NewCard(
            amount=_amount(form["amount"]),
            currency=g.shop_settings["currency"],
            recipient={name: form[name] for name in ("name", "email", "message")},
            note=form["note"],
            expires_at=typed_moment(request.form.get("expires_at", ""), "Valid until"),
        )
        with transaction(access.scope) as session:
            made = issue_card(session, card, current_user.record.actor)
    except SoukError as error:
        return _list(access, error), error.status
    code = made[1] if made else ""
    # Shown this once: nobody can read it again.
    return _list(access, code="" if form["email"] else code, sent_to=form["email"])


@blueprint.get("/shops/<slug>/gift-cards/<int:gift_card_id>")
@in_shop()
def gift_card(access: ShopAccess, gift_card_id: int) -> Answer:
    return _card(access, gift_card_id)


@blueprint.post("/shops/<slug>/gift-cards/<int:gift_card_id>")
@in_shop(Permission.ORDERS)
def change_gift_card(access: ShopAccess, gift_card_id: int) -> Answer:
    """`do`: disable, enable, or adjust by `amount` (negative takes off) with a reason."""
    what = request.form.get("do", "")
    try:
        with transaction(access.scope) as session:
            read_card(session, gift_card_id)
            if what == "adjust":
                amount, why = _signed(request.form.get("amount", "")), cleaned(request.form.get("note", ""))
                adjust(session, gift_card_id, amount, current_user.record.actor, why)
            else:
                set_card_status(session, gift_card_id, active=what == "enable")
    except NotFound:
        raise
    except SoukError as error:
        return _card(access, gift_card_id, error), error.status
    return done("The card is changed.", "gift_card", access, gift_card_id=gift_card_id)


@blueprint.post("/shops/<slug>/customers/<int:customer_id>/credit")
@in_shop(Permission.ORDERS)
def give_credit(access: ShopAccess, customer_id: int) -> Answer:
    currency, why = g.shop_settings["currency"], cleaned(request.form.get("note", ""))
    with transaction(access.scope) as session:
        amount = _signed(request.form.get("amount", ""))
        grant_credit(session, customer_id, amount, currency, current_user.record.actor, why)
    return done("The credit is changed.", "customer", access, customer_id=customer_id)


@blueprint.post("/shops/<slug>/products/<int:product_id>/gift-card")
@in_shop(Permission.CATALOG)
def product_as_gift_card(access: ShopAccess, product_id: int) -> Answer:
    gift = request.form.get("gift_card") == "yes"
    with transaction(access.scope) as session:
        sell_as_gift_card(session, product_id, gift_card=gift)
    said = "It is sold as a gift card now." if gift else "It is no gift card any more."
    return done(said, "product", access, product_id=product_id)


def _list(access: ShopAccess, error: SoukError | None = None, *, code: str = "", sent_to: str = "") -> str:
    query, number = asked("q"), page_number(request.args.get("page"))
    with transaction(access.scope, read_only=True) as session:
        rows, total = list_cards(session, query=query, page=number, limit=PER_PAGE)
        owed = outstanding(session)
    return page(
        "gift_cards.html", rows=rows, total=total, query=query, number=number, per_page=PER_PAGE, owed=owed,
        error=error, code=code, sent_to=sent_to,
    )  # fmt: skip


def _card(access: ShopAccess, gift_card_id: int, error: SoukError | None = None) -> str:
    with transaction(access.scope, read_only=True) as session:
        card, moved = read_card(session, gift_card_id), movements(session, gift_card_id)
    return page("gift_card.html", card=card, moved=moved, error=error)


def _amount(text: str) -> int:
    return typed_amount(text, g.shop_settings["currency"]) or 0


def _signed(text: str) -> int:
    plain = cleaned(text).replace("\N{MINUS SIGN}", "-")
    amount = _amount(plain.removeprefix("-"))
    if not amount:
        raise GiftCardInvalid("amount", "Give an amount that is not 0.")
    return -amount if plain.startswith("-") else amount
