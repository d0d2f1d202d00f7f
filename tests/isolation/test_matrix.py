"""Every route of every surface, called with what belongs to another shop or to another customer, gives nothing away.

The routes come from the application's own map: a new one is tested without being written down here, or
`test_every_route_is_in_the_matrix` says what must be added to `routes.py` or `worlds.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from flask import Flask

from souk.app import create_app
from souk.web.surfaces import ADMIN, SHOP
from tests.isolation.calls import (
    Call,
    Try,
    Worlds,
    ask,
    bearer_of,
    body_of,
    calls,
    check,
    dashboard,
    leaks,
    path_of,
    refused,
    refused_or_sent_away,
    sent_to_sign_in,
)
from tests.isolation.fingerprint import changed, fingerprint
from tests.isolation.routes import BODIES, BODILESS, PUBLIC, TOKENS
from tests.isolation.worlds import csrf, make_world, new_customer

FAR = 700_001
PERSONAL = frozenset({"order_id", "address_id", "session_id", "customer_id", "method_id"})


@pytest.fixture(scope="module")
def app(platform: None) -> Flask:
    return create_app()


@pytest.fixture(scope="module")
def worlds(app: Flask) -> Worlds:
    mine, theirs = make_world(app, "mine", first_id=1), make_world(app, "theirs", first_id=FAR)
    return Worlds(mine, theirs, new_customer(mine.store, "canary-neighbour"))


def missing(call: Call, worlds: Worlds, surface: str) -> Iterator[str]:
    """Say what the matrix must be told of a route."""
    endpoint = call.rule.endpoint
    for argument in sorted(call.objects):
        if argument == "token" and endpoint not in TOKENS:
            yield f"{call.name}: say in TOKENS of routes.py which secret its <token> is."
        elif argument == "handle" and endpoint not in worlds.theirs.handles:
            yield f"{call.name}: add the handle of an object of {endpoint} to worlds.py."
        elif argument not in {"token", "handle"} and argument not in worlds.theirs.objects:
            yield f"{call.name}: make an object for <{argument}> in worlds.py, or name it in NOT_OBJECTS of routes.py."
    if surface == SHOP and call.method != "GET" and endpoint not in BODIES and endpoint not in BODILESS:
        yield (
            f"{call.name}: add what {endpoint} is sent, with ids of another shop, to BODIES of routes.py,"
            " or the endpoint to BODILESS when its body holds no id."
        )


def test_every_route_is_in_the_matrix(app: Flask, worlds: Worlds) -> None:
    told = [
        line for surface in (SHOP, ADMIN) for call in calls(app, surface) for line in missing(call, worlds, surface)
    ]

    assert not told, "\n".join(told)


def test_my_session_reaches_nothing_of_another_shop(app: Flask, worlds: Worlds) -> None:
    mine, theirs = worlds.mine, worlds.theirs
    tries = []
    for call in calls(app, SHOP):
        if call.objects or (call.rule.endpoint in BODIES and call.rule.endpoint not in PUBLIC):
            path, body = path_of(call, theirs), body_of(call, theirs)
            send = partial(ask, mine, call, path, body=body, cookie=mine.customer.cookie, bearer=bearer_of(call, mine))
            tries.append(Try(call, send, refused, theirs.canary))

    assert len(tries) > 15
    check(worlds, tries)


def test_another_shops_session_and_token_are_a_strangers(app: Flask, worlds: Worlds) -> None:
    mine, theirs = worlds.mine, worlds.theirs
    tries = []
    for call in calls(app, SHOP):
        if call.rule.endpoint not in PUBLIC:
            path, body, bearer = path_of(call, mine), body_of(call, mine), bearer_of(call, theirs)
            send = partial(ask, mine, call, path, body=body, cookie=theirs.customer.cookie, bearer=bearer)
            tries.append(Try(call, send, refused_or_sent_away, mine.canary))

    assert len(tries) > 15
    check(worlds, tries)


def test_a_public_page_takes_no_notice_of_another_shops_session(app: Flask, worlds: Worlds) -> None:
    mine, theirs = worlds.mine, worlds.theirs
    wrong, before = [], fingerprint([theirs.store.scope.schema])
    for call in (one for one in calls(app, SHOP) if one.rule.endpoint in PUBLIC):
        path, body, bearer = path_of(call, theirs), body_of(call, theirs), bearer_of(call, theirs)
        answer = ask(mine, call, path, body=body, cookie=theirs.customer.cookie, bearer=bearer)
        if answer.status_code >= 500 and call.rule.endpoint != "readyz":
            wrong.append(f"{call.name} answered {answer.status_code}")
        if leaks(answer, theirs.canary):
            wrong.append(f"{call.name} shows {theirs.canary}")

    assert not wrong, "\n".join(wrong)
    assert changed(before, fingerprint([theirs.store.scope.schema])) == []


def test_another_customer_of_the_same_shop_reaches_nothing(app: Flask, worlds: Worlds) -> None:
    mine, neighbour = worlds.mine, worlds.neighbour
    tries = []
    for call in calls(app, SHOP):
        if call.objects & PERSONAL and not call.admin:
            path, body, bearer = path_of(call, mine), body_of(call, mine), neighbour.api_token if call.api else ""
            send = partial(ask, mine, call, path, body=body, cookie=neighbour.cookie, bearer=bearer)
            tries.append(Try(call, send, refused, mine.customer.email))

    assert len(tries) > 5
    check(worlds, tries)


def test_staff_reach_nothing_of_a_shop_they_do_not_work_for(app: Flask, worlds: Worlds) -> None:
    mine, theirs = worlds.mine, worlds.theirs
    token = csrf(mine.staff)
    tries = [
        Try(call, partial(dashboard, mine.staff, call, path_of(call, theirs), token), refused, theirs.canary)
        for call in calls(app, ADMIN)
        if "slug" in call.rule.arguments
    ]

    assert len(tries) > 30
    check(worlds, tries)


def test_staff_reach_nothing_of_another_shop_through_their_own(app: Flask, worlds: Worlds) -> None:
    mine, theirs = worlds.mine, worlds.theirs
    token = csrf(mine.staff)
    tries = [
        Try(
            call,
            partial(dashboard, mine.staff, call, path_of(call, theirs, slug=mine.slug), token),
            refused,
            theirs.canary,
        )
        for call in calls(app, ADMIN)
        if "slug" in call.rule.arguments and call.objects - {"slug"}
    ]

    assert len(tries) > 15
    check(worlds, tries)


def test_nobody_enters_the_dashboard_without_signing_in(app: Flask, worlds: Worlds) -> None:
    stranger, theirs = app.test_client(), worlds.theirs
    token = csrf(stranger, "/sign-in")
    tries = [
        Try(call, partial(dashboard, stranger, call, path_of(call, theirs), token), sent_to_sign_in, theirs.canary)
        for call in calls(app, ADMIN)
        if "slug" in call.rule.arguments
    ]

    check(worlds, tries)
