"""A shop hears that one of its staff asked for a new password; other shops do not, and nobody hears the secret."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from souk.kernel.db import transaction
from souk.kernel.models import OutboxEvent
from souk.kernel.tenancy import TenantScope, pod_scope
from tests.web_dashboard.conftest import SignedIn, Visitor


def heard(scope: TenantScope) -> list[dict[str, object]]:
    query = select(OutboxEvent.payload).where(
        OutboxEvent.tenant_id == scope.tenant_id, OutboxEvent.name == "staff.password_reset_requested"
    )
    with transaction(pod_scope(scope.pod), read_only=True) as session:
        return list(session.execute(query).scalars())


def test_only_the_shops_of_the_person_hear_of_it(
    app: Flask, shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    email = signed_in(shop, "owner").email

    answer = Visitor(app.test_client()).post("/forgot", {"email": email}, form="/forgot")

    assert answer.status_code == 303
    assert heard(shop) == [{}]
    assert heard(other_shop) == []
