"""An application with the dashboard, and people of each role who are signed in to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from souk.app import create_app
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope, control_scope
from souk.staff.create import create_staff
from souk.staff.memberships import add_membership, shops_of
from souk.web.dashboard.blueprint import blueprint
from souk.web.surfaces import ADMIN

_numbers = count(1)
BASE = "http://admin.souk.test"


@dataclass
class Visitor:
    """A browser on the dashboard's host that fills in the CSRF token of the page it came from."""

    client: FlaskClient
    email: str = ""
    slug: str = ""

    def get(self, path: str) -> TestResponse:
        return self.client.get(path.replace("~", f"/shops/{self.slug}"), base_url=BASE)

    def post(self, path: str, data: Mapping[str, object] | None = None, *, form: str = "/account") -> TestResponse:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(form).text)
        assert found is not None
        sent = {"csrf_token": found[1], **(data or {})}
        return self.client.post(path.replace("~", f"/shops/{self.slug}"), data=sent, base_url=BASE)


SignedIn = Callable[[TenantScope, str], Visitor]


@pytest.fixture(scope="module")
def app(platform: None) -> Flask:
    app = create_app()
    if "dashboard" not in app.blueprints:
        app.register_blueprint(blueprint, subdomain=ADMIN)
    return app


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app.test_client())


@pytest.fixture
def signed_in(app: Flask) -> SignedIn:
    def enter(scope: TenantScope, role: str) -> Visitor:
        email = f"{role}-{next(_numbers)}@dashboard.example"
        with transaction(control_scope()) as session:
            staff_id = create_staff(session, email, role.title(), "long enough")
            add_membership(session, staff_id, scope.tenant_id, "owner")
            if role != "owner":
                keeper = create_staff(session, f"keeper-{email}", "Keeper", "long enough")
                add_membership(session, keeper, scope.tenant_id, "owner")
                add_membership(session, staff_id, scope.tenant_id, role)
            slug = shops_of(session, staff_id)[0].slug
        visitor = Visitor(app.test_client(), email, slug)
        sent = visitor.post("/sign-in", {"email": email, "password": "long enough"}, form="/sign-in")
        assert sent.status_code == 303
        return visitor

    return enter
