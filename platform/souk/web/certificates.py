"""Answer the proxy that asks before it requests a certificate for a host it has never seen."""

from __future__ import annotations

from flask import Flask, request

from souk.kernel.db import transaction
from souk.kernel.tenancy import control_scope
from souk.web.surfaces import PLATFORM
from tenants.certificates import may_have_certificate


def init_certificates(app: Flask) -> None:
    """Add /internal/certificates?domain=HOST to the platform's own host: 200 for yes, 404 for no."""

    def certificates() -> tuple[str, int]:
        with transaction(control_scope(), read_only=True) as session:
            known = may_have_certificate(session, request.args.get("domain", ""))
        return ("", 200) if known else ("", 404)

    app.add_url_rule("/internal/certificates", "certificates", certificates, subdomain=PLATFORM)
