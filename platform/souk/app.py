"""The composition root: the only module that may import everything."""

from __future__ import annotations

from datetime import timedelta

import structlog

import migrations.metadata  # noqa: F401 - foreign keys between domains need every model
from souk.kernel import logs
from souk.kernel.config import config
from souk.shared_work import init_consumers
from souk.web import api, checkout, storefront, webhooks
from souk.web.accounts import blueprint as accounts
from souk.web.certificates import init_certificates
from souk.web.dashboard import blueprint as dashboard
from souk.web.favicon import init_favicon
from souk.web.headers import init_headers
from souk.web.health import check_postgres, check_redis, init_health
from souk.web.hosts import init_hosts
from souk.web.language_prefix import LanguagePrefix
from souk.web.observation import init_observation
from souk.web.own_themes import init_own_themes
from souk.web.page_cache.fragments import EXTENSION
from souk.web.page_cache.middleware import PageCache
from souk.web.preview.blueprint import blueprint as preview
from souk.web.preview.gate import init_preview
from souk.web.problems import init_problems
from souk.web.searching import engine
from souk.web.sessions import CookieSessions
from souk.web.signup import blueprint as signup
from souk.web.storefront.respond import themed_error_page
from souk.web.storefront_lock import init_storefront_lock
from souk.web.surfaces import ADMIN, PLATFORM, PREVIEW, SHOP, SurfaceFlask
from themes.bytecode import BytecodeStore, FolderNotOurs
from themes.engine import keep_bytecode
from themes.theme import DEFAULT_THEME, load_builtin

log = structlog.get_logger(__name__)

MAX_BODY_BYTES = 32 * 1024 * 1024


def create_app() -> SurfaceFlask:
    """Build the WSGI application from the configuration of this process."""
    logs.configure(config().log_level)
    app = SurfaceFlask("souk", static_folder=None)
    init_config(app)
    init_observation(app)
    init_hosts(app)
    init_preview(app)
    init_storefront_lock(app)
    init_headers(app)
    init_problems(app, themed_error_page)
    # A shop sells on without search: the database answers instead.
    init_health(
        app,
        needed={"postgres": check_postgres, "redis": check_redis},
        optional={"search": lambda: engine().ping()},
    )
    init_certificates(app)
    init_favicon(app)
    init_blueprints(app)
    init_consumers()
    init_page_cache(app)
    init_themes()
    init_own_themes(app)
    return app


def init_config(app: SurfaceFlask) -> None:
    settings = config()
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        SESSION_COOKIE_NAME="souk_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_scheme == "https",
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
    )
    app.session_interface = CookieSessions()


def init_blueprints(app: SurfaceFlask) -> None:
    """Each surface has its own routes; `/` of a shop is not `/` of the dashboard."""
    # Before the storefront, whose last route takes every address.
    app.register_blueprint(webhooks.shop_blueprint, subdomain=SHOP)
    app.register_blueprint(webhooks.platform_blueprint, subdomain=PLATFORM)
    for blueprint in (api.blueprint, checkout.blueprint, accounts.blueprint, storefront.blueprint):
        app.register_blueprint(blueprint, subdomain=SHOP)
    for blueprint, name in ((preview, "preview"), (storefront.blueprint, "previewed_storefront")):
        app.register_blueprint(blueprint, subdomain=PREVIEW, name=name)
    app.register_blueprint(dashboard.blueprint, subdomain=ADMIN)
    app.register_blueprint(signup.blueprint, subdomain=PLATFORM)


def init_themes() -> None:
    """Compile the default theme now and not in the first request; workers share what any of them has compiled."""
    settings = config()
    try:
        keep_bytecode(BytecodeStore(settings.home / "bytecode", settings.secret_key))
    except (OSError, FolderNotOurs) as error:
        log.warning("bytecode_not_shared", error=str(error))
    load_builtin(DEFAULT_THEME)


def init_page_cache(app: SurfaceFlask) -> None:
    cache = app.extensions[EXTENSION] = PageCache(app.wsgi_app)
    app.wsgi_app = LanguagePrefix(cache)  # type: ignore[method-assign]
