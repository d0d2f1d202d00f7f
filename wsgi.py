"""What the web server loads: `granian --interface wsgi wsgi:app`, or gunicorn `wsgi:app`."""

from __future__ import annotations

import gc
import os

# Two thousand modules are loaded to stay: looking through them for garbage takes a fifth of a start, and would take
# its share of requests for ever after.
gc.disable()

from werkzeug.middleware.proxy_fix import ProxyFix  # noqa: E402 - as above

from souk.app import create_app  # noqa: E402 - as above

app = create_app()
gc.freeze()
gc.enable()
# Only as many proxies as an operator says stand in front are believed: a visitor writes these headers too.
if proxies := int(os.environ.get("SOUK_PROXIES", "0")):
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)  # type: ignore[method-assign]
