"""The dashboard's routes with what guards all of them: sign-in, CSRF, strict headers, errors as pages."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_login import current_user
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as BaseResponse

from souk.kernel.config import config
from souk.kernel.errors import SoukError
from souk.media.configured import media_storage
from souk.web.dashboard.identity import login_manager
from souk.web.dashboard.pages import FILTERS, page
from souk.web.hosts import preview_host
from souk.web.surfaces import ADMIN, only

_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src * data:; object-src 'none';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'; frame-src 'self' {previews}"
)
# The only views for somebody who is not signed in.
_OPEN = frozenset({"dashboard.sign_in", "dashboard.forgot", "dashboard.reset", "dashboard.static"})

csrf = CSRFProtect()  # type: ignore[no-untyped-call]
blueprint = Blueprint(
    "dashboard", __name__, template_folder="templates", static_folder="static", static_url_path="/assets"
)
blueprint.before_request(only(ADMIN))


@blueprint.record_once
def prepare(state: BlueprintSetupState) -> None:
    # Checked by our own before_request: shop pages are shared HTML, which can hold no token.
    state.app.config.setdefault("WTF_CSRF_CHECK_DEFAULT", False)
    csrf.init_app(state.app)  # type: ignore[no-untyped-call]
    # Not init_app: its after_request reads the session on every shop page, which adds Vary: Cookie to them.
    state.app.login_manager = login_manager  # type: ignore[attr-defined]
    state.app.jinja_env.filters.update(FILTERS)


@blueprint.before_request
def guard() -> BaseResponse | None:
    csrf.protect()  # type: ignore[no-untyped-call]
    if request.endpoint in _OPEN or current_user.is_authenticated:
        return None
    return redirect(url_for("dashboard.sign_in", next=request.path if request.method == "GET" else None))


@blueprint.after_request
def harden(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _policy()
    response.headers["X-Frame-Options"] = "DENY"
    if request.endpoint != "dashboard.static":
        response.headers["Cache-Control"] = "no-store"
    return response


def _policy() -> str:
    # Pictures may go straight to the storage; nothing else of another origin is spoken to.
    origin = media_storage(config()).upload_origin
    known = _POLICY.format(previews=config().origin(preview_host("*")))
    return f"{known}; connect-src 'self' {origin}".rstrip()


@blueprint.errorhandler(SoukError)
def show_error(error: SoukError) -> tuple[str, int]:
    return page("error.html", title=error.title, detail=error.detail), error.status


@blueprint.errorhandler(CSRFError)
def show_stale_form(_error: CSRFError) -> tuple[str, int]:
    detail = "The form was open for too long or came from another site. Go back, reload the page and send it again."
    return page("error.html", title="This form cannot be taken", detail=detail), 400
