"""The links that open a preview, its theme's files, and what the editor puts into the frame."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from flask import Blueprint, Response, abort, g, redirect
from werkzeug.wrappers import Response as AnyResponse

from souk.kernel.db import transaction
from souk.web.cookies import set_cookie
from souk.web.own_themes import load_missing
from souk.web.preview.gate import COOKIE, PreviewClosed, read_pass
from souk.web.storefront.files import asset_response
from souk.web.surfaces import PREVIEW, only
from tenants.resolve import ResolvedHost
from themes.previews import SHARED_FOR
from themes.stored import ThemeNotLoaded
from themes.theme import Theme
from themes.work import read_theme

FRAME = Path(__file__).parent / "static"
blueprint = Blueprint("preview", __name__, template_folder="templates")
blueprint.before_request(only(PREVIEW))


@blueprint.get("/_preview/open/<token>")
def open_link(token: str) -> AnyResponse:
    """Take the secret out of the address, so that it stands in no history and in no Referer."""
    shop: ResolvedHost = g.shop
    if read_pass(shop, token) is None:
        g.shop = None
        raise PreviewClosed
    response = redirect("/", 303)
    set_cookie(response, COOKIE, token, max_age=int(SHARED_FOR.total_seconds()))
    return response


@blueprint.get("/_preview/assets/<int:theme_id>/<sha12>/<path:name>")
def asset(theme_id: int, sha12: str, name: str) -> Response:
    """Files are named by their content: whoever knows the address knows the file."""
    content = _theme(theme_id).asset(sha12, name)
    if content is None:
        abort(404)
    return asset_response(content, name)


def _theme(theme_id: int) -> Theme:
    shop: ResolvedHost = g.shop
    g.shop = None
    try:
        with transaction(shop.scope, read_only=True) as session:
            return read_theme(session, theme_id).work.base()
    except ThemeNotLoaded as missing:
        load_missing(missing)
    with transaction(shop.scope, read_only=True) as session:
        return read_theme(session, theme_id).work.base()


@blueprint.get("/_preview/frame/<name>")
def frame_file(name: str) -> Response:
    path = FRAME / name
    if path.parent != FRAME or not path.is_file():
        abort(404)
    return Response(path.read_bytes(), content_type=mimetypes.guess_type(name)[0] or "text/plain")
