"""Tokens for apps: made with scopes, shown once, revoked at any time."""

from __future__ import annotations

from datetime import timedelta

from flask import request

from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.staff.api_tokens import BadTokenRequest, issue_token, list_tokens, revoke_token
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.api.definition import admin_api
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page

LIFETIMES = {"": "Never", "30": "In 30 days", "90": "In 90 days", "365": "In a year"}


def scopes() -> list[str]:
    """Return what the operations of the admin API ask for."""
    return sorted({operation.permission for operation in admin_api.operations if operation.permission})


@blueprint.get("/shops/<slug>/api-tokens")
@in_shop(Permission.STAFF)
def api_tokens(access: ShopAccess) -> Answer:
    return _tokens_page(access)


def _tokens_page(access: ShopAccess, error: SoukError | None = None, secret: str = "") -> str:
    with transaction(access.scope, read_only=True) as session:
        rows = list_tokens(session)
    chosen = set(request.form.getlist("scopes")) if error else set()
    return page(
        "api_tokens.html", rows=rows, scopes=scopes(), chosen=chosen, lifetimes=LIFETIMES, secret=secret, error=error
    )


@blueprint.post("/shops/<slug>/api-tokens")
@in_shop(Permission.STAFF)
def make_api_token(access: ShopAccess) -> Answer:
    try:
        days = request.form.get("days", "")
        if days not in LIFETIMES:
            raise BadTokenRequest("days", "Choose from the list when the token ends.")
        expires_at = clock.now() + timedelta(days=int(days)) if days else None
        with transaction(access.scope) as session:
            chosen, name = request.form.getlist("scopes"), request.form.get("name", "")
            secret = issue_token(session, name, chosen, known=scopes(), expires_at=expires_at)
    except SoukError as error:
        return _tokens_page(access, error), error.status
    # No redirect: the secret is shown by this answer alone and kept nowhere.
    return _tokens_page(access, secret=secret)


@blueprint.post("/shops/<slug>/api-tokens/<int:token_id>/revoke")
@in_shop(Permission.STAFF)
def revoke_api_token(access: ShopAccess, token_id: int) -> Answer:
    with transaction(access.scope) as session:
        revoke_token(session, token_id)
    return done("The token is revoked.", "api_tokens", access)
