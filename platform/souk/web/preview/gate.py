"""Let in who has a pass, show the theme it names, and keep what is shown out of caches, frames and search engines."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, g, request

from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import Forbidden, Invalid
from souk.web.cookies import cookie_name, read_cookie
from souk.web.storefront.chosen import PASS, Chosen
from souk.web.surfaces import DRAFT_HEADER, PREVIEW
from tenants.resolve import ResolvedHost
from themes.previews import STAFF_SECONDS, Pass, read_staff_pass, shared_pass

COOKIE = "souk_preview"
PASS_HEADER = "X-Souk-Preview"  # noqa: S105 - the name of a header
# What needs no pass: files that are named by their content, and the links that give a pass.
_OPEN = ("/_preview/", "/media/", "/theme/apps/", "/favicon.ico", "/healthz", "/readyz")
MAX_DRAFT = 1024 * 1024
_ROBOTS = "User-agent: *\nDisallow: /\n"


class PreviewClosed(Forbidden):
    code = "preview_closed"
    title = "This preview is closed"

    def __init__(self) -> None:
        super().__init__("The link to this preview was revoked or is too old; ask whoever sent it for a new one.")


class BadDraft(Invalid):
    code = "bad_draft"

    def __init__(self) -> None:
        super().__init__("A draft is an object with `settings` and `templates`, at most 1 MB; reload the editor.")


def init_preview(app: Flask) -> None:
    """Register the gate; hosts must have been entered before it."""
    app.before_request(enter)
    app.after_request(seclude)


def enter() -> Response | None:
    if g.surface != PREVIEW:
        return None
    if request.path == "/robots.txt":
        return Response(_ROBOTS, content_type="text/plain; charset=utf-8")
    if request.path.startswith(_OPEN):
        return None
    found = read_pass(g.shop, token())
    if found is None:
        # The page of the refusal must not be drawn by the theme that it hides.
        g.shop = None
        raise PreviewClosed
    # A guest looks at what is saved; only the editor sends what is not.
    g.chosen = Chosen(found.theme_id, found.design, **(_draft() if found.design else {}))
    return None


def token() -> str:
    """Return the secret of this request: frames have it in their address, because browsers may refuse their cookies."""
    return request.args.get(PASS, "") or request.headers.get(PASS_HEADER, "") or read_cookie(COOKIE)


def read_pass(shop: ResolvedHost, secret: str) -> Pass | None:
    """Return what a secret opens in this shop."""
    if secret.startswith("s."):
        return read_staff_pass(config().secret_key, shop.scope.tenant_id, secret)
    if not secret:
        return None
    with transaction(shop.scope, read_only=True) as session:
        return shared_pass(session, secret)


def _draft() -> dict[str, Any]:
    if DRAFT_HEADER not in request.headers:
        return {}
    if (request.content_length or 0) > MAX_DRAFT:
        raise BadDraft
    body = request.get_json(silent=True)
    parts = body if isinstance(body, dict) else {}
    settings, templates = parts.get("settings"), parts.get("templates", {})
    if not isinstance(settings, dict | None) or not isinstance(templates, dict):
        raise BadDraft
    return {"settings": settings, "templates": templates}


def seclude(response: Response) -> Response:
    if g.get("surface") != PREVIEW:
        return response
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    if not request.path.startswith(("/media/", "/_preview/assets/")):
        response.headers["Cache-Control"] = "private, no-store"
    choice: Chosen | None = g.get("chosen")
    framed = choice is not None and choice.design
    editor = config().origin(f"admin.{config().base_domain}") if framed else "'none'"
    if "Content-Security-Policy" not in response.headers:
        response.headers["Content-Security-Policy"] = f"frame-ancestors {editor}"
    if framed:
        response.headers.pop("X-Frame-Options", None)
        _remember_in_frame(response)
    return response


def _remember_in_frame(response: Response) -> None:
    """Let what the theme's own scripts fetch pass too, where the browser takes a cookie of the frame."""
    if PASS in request.args:
        response.set_cookie(
            cookie_name(COOKIE), request.args[PASS], max_age=STAFF_SECONDS, path="/", httponly=True,
            secure=True, samesite="None", partitioned=True,
        )  # fmt: skip
