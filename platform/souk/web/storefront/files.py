"""Pictures and theme assets; their addresses name their content, so they never change."""

from __future__ import annotations

import mimetypes
from functools import lru_cache

from flask import Response, abort, request

from souk.kernel.config import config
from souk.media.configured import media_storage
from souk.media.renditions import DRAWING_TYPE, best_rendition, rendition
from souk.media.storage import MediaStorage
from souk.web.storefront.blueprint import blueprint
from souk.web.storefront.respond import opened, this_shop
from themes.apps import installed

FOREVER = "public, max-age=31536000, immutable"


@lru_cache(maxsize=1)
def storage() -> MediaStorage:
    return media_storage(config())


@blueprint.get("/media/<path:key>/<int:width>.webp")
def picture(key: str, width: int) -> Response:
    _refuse_foreign(key)
    takes_avif = "image/avif" in request.headers.get("Accept", "")
    response = _file(*best_rendition(storage(), key, width, takes_avif=takes_avif))
    response.vary.add("Accept")
    return response


@blueprint.get("/media/<path:key>/<int:width>.jpg")
def preview_picture(key: str, width: int) -> Response:
    _refuse_foreign(key)
    return _file(*rendition(storage(), key, width, jpeg=True))


def _refuse_foreign(key: str) -> None:
    # A key begins with its shop: another shop's pictures are not at this shop's addresses.
    if not key.startswith(f"t{this_shop().scope.tenant_id}/"):
        abort(404)


@blueprint.get("/theme/<sha12>/<path:name>")
def asset(sha12: str, name: str) -> Response:
    with opened() as shop:
        content = shop.front.theme.asset(sha12, name)
    if content is None:
        abort(404)
    return asset_response(content, name)


@blueprint.get("/theme/apps/<app_id>/<sha12>/<path:name>")
def app_asset(app_id: str, sha12: str, name: str) -> Response:
    """Answer with a file of an app, the same for every shop."""
    found = next((app for app in installed() if app.id == app_id), None)
    content = found.theme.asset(sha12, name) if found else None
    if content is None:
        abort(404)
    return asset_response(content, name)


def asset_response(content: bytes, name: str) -> Response:
    """Answer with a theme's file, kept for ever by whoever asked."""
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return _file(content, f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)


def _file(content: bytes, content_type: str) -> Response:
    response = Response(content, content_type=content_type)
    response.headers["Cache-Control"] = FOREVER
    if content_type == DRAWING_TYPE:
        # Opened by itself a drawing is a document of the shop, and could run scripts there.
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    return response
