"""A certificate is requested for hosts that lead somewhere only."""

from __future__ import annotations

import pytest
from flask import Flask

from souk.kernel.connections import admin_connection
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope, control_scope
from tenants.certificates import may_have_certificate
from tenants.domains import add_domain


def asked(host: str) -> bool:
    with transaction(control_scope(), read_only=True) as session:
        return may_have_certificate(session, host)


def test_the_platform_and_verified_domains_may_and_others_may_not(shop: TenantScope) -> None:
    with transaction(control_scope()) as session:
        add_domain(session, shop.tenant_id, "verified.example")
        add_domain(session, shop.tenant_id, "claimed.example", verified=False)

    answers = {
        host: asked(host)
        for host in ("souk.test", "admin.souk.test", "verified.example", "claimed.example", "stranger.example", "a b")
    }

    assert answers == {
        "souk.test": True,
        "admin.souk.test": True,
        "verified.example": True,
        "claimed.example": False,
        "stranger.example": False,
        "a b": False,
    }


def test_a_deleted_shop_gets_no_certificate_and_its_neighbour_does(shop: TenantScope, other_shop: TenantScope) -> None:
    with transaction(control_scope()) as session:
        add_domain(session, shop.tenant_id, "gone.example")
        add_domain(session, other_shop.tenant_id, "stays.example")
    with admin_connection("default") as admin:
        admin.execute("UPDATE control.tenants SET status = 'deleted' WHERE id = %s", (shop.tenant_id,))

    answers = (asked("gone.example"), asked("stays.example"))
    with admin_connection("default") as admin:
        admin.execute("UPDATE control.tenants SET status = 'active' WHERE id = %s", (shop.tenant_id,))

    assert answers == (False, True)


@pytest.mark.parametrize(("domain", "status"), [("admin.souk.test", 200), ("stranger.example", 404), ("", 404)])
def test_the_proxy_gets_its_answer_as_a_status(platform: None, domain: str, status: int) -> None:
    from souk.app import create_app
    from souk.web.certificates import init_certificates

    app: Flask = create_app()
    if "certificates" not in app.view_functions:
        init_certificates(app)

    answer = app.test_client().get(
        "/internal/certificates", query_string={"domain": domain}, headers={"Host": "souk.test"}
    )

    assert answer.status_code == status
