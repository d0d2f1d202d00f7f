"""`souk theme list | push | pull | publish` change the shop that they name, and shoppers see it."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result
from flask import Flask

from cli.main import main
from souk.app import create_app
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope, control_scope
from souk.media.configured import media_storage
from tenants.queries import tenant_by_id
from tests.fixtures.shops import make_shop
from tests.themes.small import LAYOUT, small_theme
from themes.code import write_file
from themes.files import read_folder
from themes.work import read_theme, save_work

BAZAAR = ("Bazaar", "main", "")
MARKED = LAYOUT.replace("<body", '<body data-version="1"')


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["theme", *words])


def slug_of(scope: TenantScope) -> str:
    with transaction(control_scope()) as session:
        return tenant_by_id(session, scope.tenant_id).slug


def folder_of(tmp_path: Path, **changed: str | bytes | None) -> str:
    for path, content in small_theme(**{"layout/theme.html": MARKED, **changed}).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    return str(tmp_path)


def listed(slug: str) -> list[tuple[str, str, str]]:
    rows = json.loads(run("list", slug, "--json").output)
    return [(row["name"], row["role"], row["version"]) for row in rows]


def pushed_id(slug: str) -> int:
    rows = json.loads(run("list", slug, "--json").output)
    return int(next(row["id"] for row in rows if row["name"] == "Small"))


def page(app: Flask, slug: str) -> str:
    """Return a page that the page cache never keeps: no worker runs here that would purge it."""
    return app.test_client().get("/cart", base_url=f"http://{slug}.souk.test").text


def test_a_pushed_theme_is_shown_once_it_is_published(tmp_path: Path, platform: None, other_shop: TenantScope) -> None:
    app, slug = create_app(), slug_of(make_shop())
    folder = folder_of(tmp_path)

    pushed = run("push", slug, folder)
    before = page(app, slug)
    theme_id = pushed_id(slug)
    published = run("publish", slug, str(theme_id))
    after = page(app, slug)

    assert pushed.output == f"{slug} has Small 1.0.0 as theme {theme_id}.\n"
    assert published.exit_code == 0
    assert 'data-version="1"' not in before
    assert 'data-version="1"' in after
    assert listed(slug) == [("Small", "main", "1.0.0"), ("Bazaar", "unpublished", "")]
    assert listed(slug_of(other_shop)) == [BAZAAR]
    assert 'data-version="1"' not in page(app, slug_of(other_shop))


def test_the_assets_of_a_pushed_theme_are_served(tmp_path: Path, platform: None) -> None:
    app, slug = create_app(), slug_of(make_shop())
    run("push", slug, folder_of(tmp_path), "--publish")
    address = page(app, slug).partition('href="/theme/')[2].partition('"')[0]

    response = app.test_client().get(f"/theme/{address}", base_url=f"http://{slug}.souk.test")

    assert response.data == b"body { margin: 0 }"


def test_a_theme_with_errors_is_not_pushed(tmp_path: Path, shop: TenantScope) -> None:
    result = run("push", slug_of(shop), folder_of(tmp_path, **{"snippets/card.html": "{{ itm }}"}))

    assert result.exit_code == 1
    assert "unknown-object" in result.output
    assert listed(slug_of(shop)) == [BAZAAR]


def test_pushing_into_a_theme_exchanges_its_files(tmp_path: Path, platform: None) -> None:
    slug = slug_of(make_shop())
    run("push", slug, folder_of(tmp_path))
    theme_id = pushed_id(slug)
    manifest = small_theme()["theme.json"].replace(b"1.0.0", b"1.1.0")

    run("push", slug, folder_of(tmp_path, **{"theme.json": manifest}), "--theme", str(theme_id))

    assert listed(slug) == [BAZAAR, ("Small", "unpublished", "1.1.0")]


def test_code_that_was_changed_in_the_shop_is_not_overwritten_unless_it_was_pulled(
    tmp_path: Path, platform: None
) -> None:
    scope = make_shop()
    slug, folder = slug_of(scope), folder_of(tmp_path / "mine")
    run("push", slug, folder)
    theme_id = pushed_id(slug)
    path, edited = "snippets/card.html", "<b>changed in the shop</b>"
    with transaction(scope) as session:
        found = read_theme(session, theme_id)
        work, _ = write_file(media_storage(config()), found.work, path, edited.encode())
        save_work(session, theme_id, work, expected=found.version, actor="staff:1")

    refused = run("push", slug, folder, "--theme", str(theme_id))
    kept = run("pull", slug, str(tmp_path / "pulled"), "--theme", str(theme_id))
    (tmp_path / "pulled" / path).write_text(edited + "<i>and by me</i>")
    merged = run("push", slug, str(tmp_path / "pulled"), "--theme", str(theme_id))
    forced = run("push", slug, folder, "--theme", str(theme_id), "--force")

    assert refused.exit_code == 1
    assert path in refused.output
    assert "--force" in refused.output
    assert (kept.exit_code, merged.exit_code, forced.exit_code) == (0, 0, 0), merged.output
    assert edited not in (tmp_path / "mine" / path).read_text()


def test_pull_writes_what_was_pushed(tmp_path: Path, platform: None) -> None:
    slug = slug_of(make_shop())
    pushed = Path(folder_of(tmp_path / "pushed"))
    run("push", slug, str(pushed), "--publish")

    result = run("pull", slug, str(tmp_path / "pulled"))

    assert result.exit_code == 0, result.output
    assert read_folder(tmp_path / "pulled") == read_folder(pushed)


def test_pull_of_a_shop_without_a_theme_writes_the_built_in_one(tmp_path: Path, shop: TenantScope) -> None:
    run("pull", slug_of(shop), str(tmp_path / "pulled"))

    assert json.loads((tmp_path / "pulled" / "theme.json").read_text())["handle"] == "bazaar"


def test_what_does_not_exist_is_named(tmp_path: Path, shop: TenantScope) -> None:
    missing = run("publish", slug_of(shop), "4711")

    assert missing.exit_code == 1
    unknown = CliRunner().invoke(main, ["theme", "list", "nobody"])
    assert "No shop is called 'nobody'" in unknown.output
    assert "The shop has no theme 4711; `souk theme list` shows them all." in missing.output
