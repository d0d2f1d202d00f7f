"""Turn the application's routes into requests about somebody's objects, and say what came of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.isolation.fingerprint import changed, fingerprint
from tests.isolation.routes import ANSWERS, BODIES, FORMS, NOT_OBJECTS, PREFIXES, TOKENS
from tests.isolation.worlds import ADMIN as ADMIN_BASE
from tests.isolation.worlds import Customers, World

NOWHERE = 999_999_999
SIGN_IN = ("/account/sign-in", "/sign-in")


@dataclass(frozen=True, slots=True)
class Worlds:
    mine: World
    theirs: World
    neighbour: Customers

    def fingerprint(self) -> dict[str, str]:
        return fingerprint([self.mine.store.scope.schema, self.theirs.store.scope.schema, "control", "pod"])


@dataclass(frozen=True, slots=True)
class Call:
    rule: Rule
    method: str

    @property
    def name(self) -> str:
        return f"{self.method} {self.rule.rule}"

    @property
    def api(self) -> bool:
        return str(self.rule.endpoint).startswith("api.")

    @property
    def admin(self) -> bool:
        return str(self.rule.endpoint).startswith("api.admin_")

    @property
    def objects(self) -> set[str]:
        return {name for name in self.rule.arguments if name not in NOT_OBJECTS}


@dataclass(frozen=True, slots=True)
class Try:
    """One request; its answer must be right by `is_right` and must not show `canary`."""

    call: Call
    send: Callable[[], TestResponse]
    is_right: Callable[[TestResponse], bool]
    canary: str


def calls(app: Flask, surface: str) -> Iterator[Call]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        if rule.subdomain == surface:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield Call(rule, method)


def value_of(call: Call, argument: str, world: World) -> Any:
    if argument in NOT_OBJECTS:
        return NOT_OBJECTS[argument][0]
    if argument == "token":
        return world.tokens[TOKENS.get(call.rule.endpoint, "checkout")]
    if argument == "handle":
        return world.handles.get(call.rule.endpoint, "nothing")
    # A name that worlds.py does not know yet is reported by one test and must not break the others.
    value = world.objects.get(argument, NOWHERE)
    return f"{PREFIXES[argument]}{value}" if call.api and argument in PREFIXES else value


def path_of(call: Call, world: World, *, slug: str = "") -> str:
    values = {name: value_of(call, name, world) for name in call.rule.arguments}
    if slug:
        values["slug"] = slug
    built = call.rule.build(values, append_unknown=False)
    assert built is not None, call.name
    return str(built[1])


def ask(world: World, call: Call, path: str, *, body: Any = None, cookie: str = "", bearer: str = "") -> TestResponse:
    """Send one request to the shop's host as a browser or a program would."""
    client = world.store.client()
    if cookie:
        client.set_cookie("souk_customer", cookie, domain=world.store.host)
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    sent: dict[str, Any] = {"json": body} if call.api and body is not None else {"data": body}
    if call.method == "GET":
        sent = {}
    return client.open(path, method=call.method, base_url=f"http://{world.store.host}", headers=headers, **sent)


def body_of(call: Call, world: World) -> Any:
    """Return what a route is sent, about the objects of `world`; nothing for routes that are told in no table."""
    made = BODIES.get(call.rule.endpoint)
    return ({} if call.api else None) if made is None else made(world)


def leaks(answer: TestResponse, canary: str) -> bool:
    return canary in answer.text or canary in str(answer.headers)


def sent_to_sign_in(answer: TestResponse) -> bool:
    return answer.status_code in {302, 303} and (answer.location or "").split("?")[0] in SIGN_IN


def dashboard(client: FlaskClient, call: Call, path: str, token: str) -> TestResponse:
    """Send one request to the dashboard; forms carry the CSRF token of their page."""
    data = None if call.method == "GET" else {"csrf_token": token, **FORMS.get(call.rule.endpoint, {})}
    return client.open(path, method=call.method, base_url=ADMIN_BASE, data=data)


def refused(answer: TestResponse) -> bool:
    return answer.status_code in {401, 404}


def refused_or_sent_away(answer: TestResponse) -> bool:
    return refused(answer) or sent_to_sign_in(answer)


def bearer_of(call: Call, world: World) -> str:
    if not call.api:
        return ""
    return world.app_token if call.admin else world.customer.api_token


def check(worlds: Worlds, tries: Sequence[Try]) -> None:
    """Send each request and fail with every answer that is wrong, tells something, or changed any table."""
    before = worlds.fingerprint()
    wrong = [line for one in tries for line in _wrong(one)]
    together = changed(before, worlds.fingerprint())
    if together:
        # Reading every table takes longer than a request: only now is each one followed by it.
        wrong += _changes(worlds, tries) or [f"Together they changed {', '.join(together)}"]
    assert not wrong, "\n".join(wrong)


def _wrong(one: Try) -> Iterator[str]:
    answer = one.send()
    documented = answer.status_code in ANSWERS.get(one.call.rule.endpoint, ())
    if not one.is_right(answer) and not documented:
        yield f"{one.call.name} answered {answer.status_code} {answer.location or ''}"
    if leaks(answer, one.canary):
        yield f"{one.call.name} shows {one.canary}"


def _changes(worlds: Worlds, tries: Sequence[Try]) -> list[str]:
    """Send the requests once more and name those that change a table."""
    found, before = [], worlds.fingerprint()
    for one in tries:
        one.send()
        after = worlds.fingerprint()
        if changed(before, after):
            found.append(f"{one.call.name} changed {', '.join(changed(before, after))}")
        before = after
    return found
