"""What the web server loads: `granian --interface wsgi wsgi:app`, or gunicorn `wsgi:app`."""

from __future__ import annotations

import os

from werkzeug.middleware.proxy_fix import ProxyFix

from souk.app import create_app

app = create_app()
# Only as many proxies as an operator says stand in front are believed: a visitor writes these headers too.
if proxies := int(os.environ.get("SOUK_PROXIES", "0")):
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)  # type: ignore[method-assign]
