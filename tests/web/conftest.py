"""The application, and a client for each host."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from souk.app import create_app
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope, control_scope
from tenants.models import Domain


class HostClient(FlaskClient):
    """Sends every request to one host."""

    host = "localhost"

    def open(self, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("base_url", f"http://{self.host}")
        return super().open(*args, **kwargs)


ClientFor = Callable[[TenantScope | str], FlaskClient]


@pytest.fixture(scope="module")
def app(platform: None) -> Flask:
    made = create_app()
    made.test_client_class = HostClient
    return made


def host_of(scope: TenantScope) -> str:
    query = select(Domain.host).where(Domain.tenant_id == scope.tenant_id, Domain.is_primary)
    with transaction(control_scope(), read_only=True) as session:
        return session.execute(query).scalar_one()


@pytest.fixture
def client_for(app: Flask) -> ClientFor:
    """A client that talks to a shop's primary host, or to a host by name."""

    def make(target: TenantScope | str) -> FlaskClient:
        host = target if isinstance(target, str) else host_of(target)
        client = app.test_client()
        assert isinstance(client, HostClient)
        client.host = host
        return client

    return make
