"""Routes of the checkout on shop hosts."""

from __future__ import annotations

from flask import Blueprint

from souk.checkout.abandoned.link import RecoveryLinkGone
from souk.web.checkout.ask_return import ask_return, send_return
from souk.web.checkout.assets import asset
from souk.web.checkout.authenticate import answer, ask
from souk.web.checkout.back import come_back
from souk.web.checkout.buy_again import buy_again
from souk.web.checkout.downloads import download, download_page
from souk.web.checkout.find_order import find_order
from souk.web.checkout.gift_card import gift_card_balance
from souk.web.checkout.link_gone import link_gone
from souk.web.checkout.order_document import order_document
from souk.web.checkout.order_status import order_status
from souk.web.checkout.pay_balance import pay_balance
from souk.web.checkout.quote import quote
from souk.web.checkout.recover import recover_cart
from souk.web.checkout.show import show
from souk.web.checkout.start import start
from souk.web.checkout.submit import submit
from souk.web.checkout.unsubscribe import stop_mails, stop_page
from souk.web.origin import refuse_cross_site
from souk.web.surfaces import SHOP, only

blueprint = Blueprint("checkout", __name__, template_folder="templates")
blueprint.before_request(only(SHOP))
blueprint.before_request(refuse_cross_site)
blueprint.register_error_handler(RecoveryLinkGone, link_gone)

blueprint.add_url_rule("/checkout", "start", start, methods=["GET", "POST"])
blueprint.add_url_rule("/checkout/assets/<name>", "asset", asset)
blueprint.add_url_rule("/checkout/<token>", "show", show)
blueprint.add_url_rule("/checkout/<token>", "submit", submit, methods=["POST"])
blueprint.add_url_rule("/checkout/<token>/quote", "quote", quote, methods=["POST"])
blueprint.add_url_rule("/checkout/<token>/authenticate", "ask", ask)
blueprint.add_url_rule("/checkout/<token>/authenticate", "answer", answer, methods=["POST"])
blueprint.add_url_rule("/checkout/<token>/return", "come_back", come_back)
blueprint.add_url_rule("/cart/recover/<token>", "recover_cart", recover_cart)
blueprint.add_url_rule("/unsubscribe/<token>", "stop_page", stop_page)
blueprint.add_url_rule("/unsubscribe/<token>", "stop_mails", stop_mails, methods=["POST"])
blueprint.add_url_rule("/gift-card", "gift_card_balance", gift_card_balance, methods=["GET", "POST"])
blueprint.add_url_rule("/downloads/<token>", "download_page", download_page)
blueprint.add_url_rule("/downloads/<token>", "download", download, methods=["POST"])
blueprint.add_url_rule("/orders/find", "find_order", find_order, methods=["GET", "POST"])
blueprint.add_url_rule("/orders/<token>", "order_status", order_status)
blueprint.add_url_rule("/orders/<token>/again", "buy_again", buy_again, methods=["POST"])
blueprint.add_url_rule("/orders/<token>/pay", "pay_balance", pay_balance, methods=["POST"])
blueprint.add_url_rule("/orders/<token>/return", "ask_return", ask_return)
blueprint.add_url_rule("/orders/<token>/return", "send_return", send_return, methods=["POST"])
blueprint.add_url_rule("/orders/<token>/documents/<int:document_id>.pdf", "order_document", order_document)
