"""Branding and plugins."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from PIL import Image

from plugins.api import Plugin
from plugins.enablement import is_enabled, settings_of
from plugins.loader import plugins
from souk.kernel.db import transaction
from souk.kernel.settings import read_setting
from souk.kernel.tenancy import TenantScope
from souk.web.checkout.branding import read_branding
from tests.web_dashboard.conftest import SignedIn


def _logo() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGBA", (300, 80), (20, 90, 60, 255)).save(file, "PNG")
    file.seek(0)
    return file


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
    form = {"accent": "#112233", "logo_text": "SHOP & CO"}

    good, bad = owner.post("~/branding", form), owner.post("~/branding", form | {"accent": "blue"})

    assert (good.status_code, bad.status_code) == (303, 422)
    with transaction(shop, read_only=True) as session:
        assert read_setting(session, "checkout") == {"accent": "#112233", "logo_text": "SHOP & CO"}
    with transaction(other_shop, read_only=True) as session:
        assert read_setting(session, "checkout") == {}


def test_a_logo_stands_at_the_head_of_the_checkout_until_it_is_taken_away(
    shop: TenantScope, signed_in: SignedIn
) -> None:
    owner, form = signed_in(shop, "owner"), {"accent": "#112233", "logo_text": "SHOP"}

    refused = owner.post("~/branding", form | {"logo": (io.BytesIO(b"GIF89a no picture"), "logo.gif")})
    kept = owner.post("~/branding", form | {"logo": (_logo(), "logo.png")})

    assert (refused.status_code, kept.status_code) == (422, 303)
    with transaction(shop, read_only=True) as session:
        key = read_branding(session).logo
    assert key.startswith(f"t{shop.tenant_id}/")
    assert owner.post("~/branding", form).status_code == 303
    with transaction(shop, read_only=True) as session:
        assert read_branding(session).logo == key
    owner.post("~/branding", form | {"drop_logo": "on"})
    with transaction(shop, read_only=True) as session:
        assert not read_branding(session).logo


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
