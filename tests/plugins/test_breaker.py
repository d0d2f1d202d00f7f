"""A plugin that fails or dawdles is left alone for a while, in its shop only, and people are told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from plugins import dispatch
from plugins.api import Event, HookContext, HookKind, Plugin, hookimpl
from plugins.breaker import FAULTS_IN_A_ROW, PAUSE_SECONDS, Breaker
from plugins.dispatch import Dispatcher
from plugins.enablement import enable
from plugins.limits import TooSlow, within
from plugins.loader import add
from plugins.pauses import pauses
from souk.kernel.db import transaction
from souk.kernel.events import without_secrets
from souk.kernel.tenancy import TenantScope


class Moody(Plugin):
    """Fails where its settings say so, waits where they say so."""

    id = "moody"
    name = "Moody"
    version = "1.0"
    default_enabled = True

    def __init__(self) -> None:
        self.calls = 0
        self.go_on = threading.Event()

    @hookimpl
    def slot(self, context: HookContext) -> str:
        self.calls += 1
        mood = context.settings.get("mood")
        if mood == "broken":
            raise RuntimeError(mood)
        if mood == "slow":
            self.go_on.wait(30)
        return "<p>fine</p>"

    @hookimpl
    def storefront_context(self, context: HookContext, value: dict[str, Any]) -> dict[str, Any]:
        return {"given": context.settings.get("value", value)}


@pytest.fixture
def moody() -> Iterator[tuple[Dispatcher, Moody]]:
    found = Dispatcher()
    assert add(found, Moody)
    plugin = found.manager.get_plugin("moody")
    assert isinstance(plugin, Moody)
    yield found, plugin
    plugin.go_on.set()


def choose(scope: TenantScope, **settings: Any) -> None:
    with transaction(scope) as session:
        enable(session, "moody", enabled=True, settings=settings)


def slot(dispatcher: Dispatcher, scope: TenantScope) -> list[str]:
    with transaction(scope, read_only=True) as session:
        return dispatcher.collect(session, "slot", place="footer", page={})


def test_a_breaker_opens_after_faults_in_a_row_and_tries_once_after_the_pause() -> None:
    now = [1_000.0]
    breaker = Breaker(seconds=lambda: now[0])

    for _ in range(FAULTS_IN_A_ROW - 1):
        assert breaker.fail() is False
    breaker.succeed()
    began = [breaker.fail() for _ in range(FAULTS_IN_A_ROW)]
    during = breaker.is_open
    now[0] += PAUSE_SECONDS
    after = breaker.is_open
    again = breaker.fail()

    assert began == [False] * (FAULTS_IN_A_ROW - 1) + [True]
    assert (during, after, again, breaker.is_open) == (True, False, True, True)


@pytest.mark.parametrize(("mood", "word"), [("broken", "failed"), ("slow", "slower")])
def test_a_faulty_plugin_rests_in_its_shop_and_the_merchant_is_told(
    moody: tuple[Dispatcher, Moody],
    shop: TenantScope,
    other_shop: TenantScope,
    *,
    mood: str,
    word: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dispatcher, plugin = moody
    monkeypatch.setattr(dispatch, "SECONDS", {HookKind.SLOT: 0.05})
    choose(shop, mood=mood)
    choose(other_shop)

    answers = [slot(dispatcher, shop) for _ in range(FAULTS_IN_A_ROW + 3)]

    assert answers == [[]] * (FAULTS_IN_A_ROW + 3)
    assert plugin.calls == FAULTS_IN_A_ROW
    told = pauses(shop.pod, shop.tenant_id)
    assert [(one.plugin_id, one.hook, word in one.reason) for one in told] == [("moody", "slot", True)]
    monkeypatch.undo()
    assert slot(dispatcher, other_shop) == ["<p>fine</p>"]
    assert pauses(shop.pod, other_shop.tenant_id) == []


def test_a_new_choice_of_the_shop_ends_what_is_told(moody: tuple[Dispatcher, Moody], shop: TenantScope) -> None:
    choose(shop, mood="broken")
    for _ in range(FAULTS_IN_A_ROW):
        slot(moody[0], shop)
    before = len(pauses(shop.pod, shop.tenant_id))

    choose(shop, mood="fine")

    assert (before, pauses(shop.pod, shop.tenant_id)) == (1, [])


@pytest.mark.parametrize("value", [{1, 2}, "x" * 20_000, object()])
def test_themes_meet_plain_and_small_values_only(
    moody: tuple[Dispatcher, Moody], shop: TenantScope, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "settings_of", lambda *_: {"value": value})

    with transaction(shop, read_only=True) as session:
        found = moody[0].spaces(session, "storefront_context", page_type="index")

    assert found == {}


def test_waiting_ends_at_the_limit_and_faults_come_through() -> None:
    gate = threading.Event()

    with pytest.raises(TooSlow):
        within(0.01, lambda: gate.wait(30))
    gate.set()
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 // 0)
    assert within(5, lambda: "done") == "done"


def test_plugins_do_not_see_the_secret_of_a_mail() -> None:
    event = Event("customer.password_reset_requested", 7, {"token": "secret", "why": "asked"})

    assert without_secrets(event) == Event("customer.password_reset_requested", 7, {"why": "asked"})
