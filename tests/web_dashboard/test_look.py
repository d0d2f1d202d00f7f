"""Branding and plugins."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from plugins.api import Plugin
from plugins.enablement import is_enabled, settings_of
from plugins.loader import plugins
from souk.kernel.db import transaction
from souk.kernel.settings import read_setting
from souk.kernel.tenancy import TenantScope
from tests.web_dashboard.conftest import SignedIn


class Greeter(Plugin):
    id = "greeter_of_tests"
    name = "Greeter"
    version = "1.0"
    settings_schema = (
        {"type": "text", "id": "greeting", "label": "Greeting", "default": "Hi"},
        {"type": "number", "id": "times", "label": "How often", "min": 1, "max": 5, "default": 1},
    )


@pytest.fixture
def greeter() -> Iterator[Greeter]:
    plugin = Greeter()
    plugins().register(plugin)
    yield plugin
    plugins().manager.unregister(plugin)


def test_branding_is_saved_and_a_colour_that_is_none_refused(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    owner = signed_in(shop, "owner")
    form = {"accent": "#112233", "logo_text": "SHOP & CO", "brand_color": "#445566"}

    good, bad = owner.post("~/branding", form), owner.post("~/branding", form | {"accent": "blue"})

    assert (good.status_code, bad.status_code) == (303, 422)
    with transaction(shop, read_only=True) as session:
        assert read_setting(session, "checkout") == {"accent": "#112233", "logo_text": "SHOP & CO"}
        assert read_setting(session, "shop")["brand_color"] == "#445566"
    with transaction(other_shop, read_only=True) as session:
        assert read_setting(session, "checkout") == {}


def test_a_plugin_is_switched_on_with_its_settings(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn, greeter: Greeter
) -> None:
    owner = signed_in(shop, "owner")
    path = f"~/plugins/{greeter.id}"

    good = owner.post(path, {"enabled": "on", "s-greeting": "Moin", "s-times": "3"})
    bad = owner.post(path, {"s-greeting": "Gone", "s-times": "9"})

    assert (good.status_code, bad.status_code) == (303, 422)
    assert 'value="Gone"' in bad.text
    with transaction(shop, read_only=True) as session:
        assert is_enabled(session, greeter)
        assert settings_of(session, greeter.id) == {"greeting": "Moin", "times": 3}
    with transaction(other_shop, read_only=True) as session:
        assert not is_enabled(session, greeter)


def test_a_plugin_that_is_not_installed_is_404(shop: TenantScope, signed_in: SignedIn) -> None:
    assert signed_in(shop, "owner").get("~/plugins/none").status_code == 404
