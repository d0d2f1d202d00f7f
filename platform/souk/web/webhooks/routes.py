"""Where payment providers send their messages: each shop's own address, and the platform's for connected accounts.

A message is kept and answered at once; the work on it is a job, so that a slow shop is no reason to send it again.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, g, jsonify, request

from souk.checkout.notified import take_notice
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.tenancy import Scope, control_scope
from souk.payments.errors import UnknownPaymentMethod, UnknownWebhook
from souk.payments.provider import PaymentProvider, account_of, installed
from souk.payments.values import Account, Notice
from souk.web.surfaces import PLATFORM, SHOP, only
from tenants.errors import UnknownTenant
from tenants.queries import tenant_by_id

MOST_BYTES = 1024 * 1024

shop_blueprint = Blueprint("shop_webhooks", __name__)
shop_blueprint.before_request(only(SHOP))
platform_blueprint = Blueprint("platform_webhooks", __name__)
platform_blueprint.before_request(only(PLATFORM))


@shop_blueprint.post("/webhooks/<provider>")
def to_shop(provider: str) -> Response:
    """Take a message for the shop of this host, signed with the shop's own secret."""
    scope, payer = g.shop.scope, _provider(provider)
    with transaction(scope, read_only=True) as session:
        account = account_of(session, payer.name)
    notices = _read(payer, account)
    _keep(scope, payer, [one for one in notices if one.tenant_id in {0, scope.tenant_id}])
    return jsonify(received=True)


@platform_blueprint.post("/webhooks/<provider>")
def to_platform(provider: str) -> Response:
    """Take a message about any shop's connected account, signed with the platform's secret."""
    payer = _provider(provider)
    for notice in _read(payer, Account()):
        scope = _shop_of(notice)
        if scope is not None:
            _keep(scope, payer, [notice])
    return jsonify(received=True)


def _provider(name: str) -> PaymentProvider:
    try:
        return installed(name)
    except UnknownPaymentMethod:
        raise UnknownWebhook from None


def _read(payer: PaymentProvider, account: Account) -> Sequence[Notice]:
    request.max_content_length = MOST_BYTES
    headers = {name.lower(): value for name, value in request.headers.items()}
    return payer.webhook(account, headers, request.get_data())


def _shop_of(notice: Notice) -> Scope | None:
    try:
        with transaction(control_scope(), read_only=True) as session:
            shop = tenant_by_id(session, notice.tenant_id)
    except UnknownTenant:
        return None
    return None if shop.status == "deleted" else shop.scope


def _keep(scope: Scope, payer: PaymentProvider, notices: Sequence[Notice]) -> None:
    with transaction(scope) as session:
        for notice in notices:
            take_notice(session, payer.name, notice)


def _refuse(error: SoukError) -> tuple[Response, int]:
    return jsonify(code=error.code, detail=error.detail), error.status


for _blueprint in (shop_blueprint, platform_blueprint):
    _blueprint.register_error_handler(SoukError, _refuse)
