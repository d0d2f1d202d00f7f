"""Theme settings, branding and plugins."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from plugins.api import Plugin
from plugins.enablement import is_enabled, settings_of
from plugins.loader import plugins
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.settings import read_setting
from souk.kernel.tenancy import TenantScope
from souk.media.configured import media_storage
from souk.media.models import Media
from tests.fixtures.shops import make_shop
from tests.themes.small import small_theme
from tests.web_dashboard.conftest import SignedIn
from themes.installations import add_theme
from themes.live import read_live_theme
from themes.models import ThemeInstallation
from themes.publishing import publish_theme
from themes.stored import keep_files


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


def layer(scope: TenantScope) -> dict[str, object]:
    with transaction(scope, read_only=True) as session:
        query = select(ThemeInstallation.settings).where(ThemeInstallation.role == "main")
        return session.execute(query).scalar_one_or_none() or {}


def form_of(scope: TenantScope, **changed: object) -> dict[str, object]:
    """Return what the page would send, with some values changed."""
    with transaction(scope, read_only=True) as session:
        live = read_live_theme(session)
    form = {f"s-{name}": "on" if value is True else value for name, value in live.values.items()}
    return {name: value for name, value in form.items() if value not in {None, False}} | changed


def test_only_changed_theme_settings_are_kept(shop: TenantScope, signed_in: SignedIn) -> None:
    owner = signed_in(shop, "owner")
    picture = BytesIO()
    Image.new("RGB", (20, 20), "blue").save(picture, "PNG")
    picture.seek(0)

    answer = owner.post("~/theme", form_of(shop, **{"s-page_width": "1200", "file-s-logo": (picture, "logo.png")}))

    assert answer.status_code == 303, answer.text
    kept = layer(shop)
    with transaction(shop, read_only=True) as session:
        keys = set(session.scalars(select(Media.storage_key)))
    assert set(kept) == {"page_width", "logo"}
    assert kept["page_width"] == 1200
    assert kept["logo"] in keys


@pytest.mark.parametrize(("name", "value"), [("page_width", "99999"), ("light_text", "red;"), ("card_style", "none!")])
def test_a_theme_value_that_does_not_fit_is_refused(
    other_shop: TenantScope, signed_in: SignedIn, name: str, value: str
) -> None:
    before = layer(other_shop)

    answer = signed_in(other_shop, "owner").post("~/theme", form_of(other_shop, **{f"s-{name}": value}))

    assert answer.status_code == 422
    assert layer(other_shop) == before


def test_a_preset_dresses_one_shop_only(shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn) -> None:
    owner = signed_in(shop, "owner")

    answers = [
        owner.post("~/theme/preset", {"preset": "Atelier"}).status_code,
        owner.post("~/theme/preset", {"preset": "Nonesuch"}).status_code,
        signed_in(shop, "viewer").post("~/theme/preset", {"preset": "Bazaar"}).status_code,
    ]

    assert answers == [303, 422, 403]
    assert layer(shop)["light_background"] == "#fbf6ec"
    assert "light_background" not in layer(other_shop)


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


def test_the_settings_of_a_theme_of_the_shops_own_are_shown_and_saved(platform: None, signed_in: SignedIn) -> None:
    scope = make_shop()
    manifest = keep_files(media_storage(config()), small_theme())
    with transaction(scope) as session:
        publish_theme(session, add_theme(session, "Our own", "1.0.0", manifest))
    owner = signed_in(scope, "owner")

    shown, saved = owner.get("~/theme"), owner.post("~/theme", {"s-text_color": "#123456"})

    assert (shown.status_code, saved.status_code) == (200, 303)
    assert 'value="#222"' in shown.text
    assert layer(scope) == {"text_color": "#123456"}
