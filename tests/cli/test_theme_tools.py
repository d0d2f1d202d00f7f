"""`souk theme init | dev | package | profile` work on a folder, with neither shop nor network."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from werkzeug.test import Client

from cli.main import main
from cli.theme.local import LocalTheme
from cli.theme.server import Site
from tests.themes.small import small_theme
from themes.builtin_files import BUILTIN
from themes.files import read_folder
from themes.validate import check

CARD = "{% stylesheet %}.a { color: red }{% endstylesheet %}<b>{{ item.title }}</b>"
HERE = "http://127.0.0.1:9292"


def write(folder: Path, **changed: str | bytes | None) -> Path:
    for path, content in small_theme(**changed).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["theme", *words])


def site(folder: Path) -> tuple[Site, Client]:
    local = LocalTheme(folder)
    local.refresh()
    made = Site(local)
    return made, Client(made)


def test_init_makes_a_sound_theme_of_its_own_name(tmp_path: Path) -> None:
    folder = tmp_path / "tea-house"

    result = run("init", str(folder), "--name", "Tea House")

    assert result.exit_code == 0, result.output
    files = read_folder(folder)
    assert check(files) == []
    assert json.loads(files["theme.json"])["handle"] == "tea_house"
    assert files["layout/theme.html"] == (BUILTIN / "bazaar" / "layout" / "theme.html").read_bytes()


def test_init_refuses_a_folder_with_content_and_leaves_it(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")

    result = run("init", str(tmp_path))

    assert result.exit_code == 1
    assert "is not empty; choose another folder" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_init_names_what_exists_when_the_base_does_not(tmp_path: Path) -> None:
    result = run("init", str(tmp_path / "new"), "--from", "nope")

    assert result.exit_code == 1
    assert "There is no built-in theme 'nope'" in result.output
    assert not (tmp_path / "new").exists()


def test_package_is_the_same_each_time(tmp_path: Path) -> None:
    folder = write(tmp_path / "theme")
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"

    results = [run("package", str(folder), "-o", str(target)) for target in (first, second)]

    assert [result.exit_code for result in results] == [0, 0]
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(io.BytesIO(first.read_bytes())) as archive:
        assert sorted(archive.namelist()) == sorted(small_theme())


def test_package_refuses_a_theme_with_errors_and_writes_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path / "theme", **{"snippets/card.html": "{{ itm }}"})

    result = run("package", str(folder), "-o", str(tmp_path / "out.zip"))

    assert result.exit_code == 1
    assert "unknown-object" in result.output
    assert not (tmp_path / "out.zip").exists()


def test_profile_shows_what_each_file_costs(tmp_path: Path) -> None:
    loop = "{% for n in range(100) %}{{ n }}{% endfor %}"
    folder = write(tmp_path, **{"snippets/card.html": loop + "{{ item.title }}{{ shop.name }}"})

    result = run("profile", str(folder), "--page", "/products/oak-bowl", "--json")

    costs = {row["file"]: row for row in json.loads(result.output)}
    assert list(costs) == ["sections/main.html", "snippets/card.html", "layout/theme.html"]
    assert costs["snippets/card.html"]["calls"] == 1
    assert costs["sections/main.html"]["operations"] > costs["snippets/card.html"]["operations"] > 100


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/products/oak-bowl", 200), ("/collections/all", 200), ("/cart", 200), ("/pages/about", 200),
     ("/search?q=oak", 200), ("/password", 200), ("/collections", 200), ("/products/nope", 404),
     ("/blog", 200), ("/blog/tagged/wood", 200), ("/blog/a-kettle-for-life", 200), ("/contact", 200),
     ("/newsletter", 200), ("/quick-order", 200), ("/x/y/z", 404)],
)  # fmt: skip
def test_dev_shows_every_page(tmp_path: Path, path: str, status: int) -> None:
    run("init", str(tmp_path / "own"))
    _, client = site(tmp_path / "own")

    response = client.get(path, base_url=HERE)

    assert response.status_code == status
    assert "souk-section-error" not in response.text
    assert "/_dev/events" in response.text
    assert "queries" in response.headers["X-Theme-Cost"]


def test_dev_serves_assets_and_draws_pictures(tmp_path: Path) -> None:
    made, client = site(write(tmp_path))
    assert made.local.theme is not None
    address = f"/theme/{made.local.theme.asset_hash('theme.css')}/theme.css"

    assert client.get(address, base_url=HERE).data == b"body { margin: 0 }"
    assert client.get("/theme/000000000000/theme.css", base_url=HERE).status_code == 404
    assert client.get("/media/example/1-1/720.webp", base_url=HERE).content_type == "image/svg+xml"


def test_dev_renders_single_sections(tmp_path: Path) -> None:
    _, client = site(write(tmp_path))

    response = client.get("/products/oak-bowl?sections=main", base_url=HERE)

    assert list(json.loads(response.data)) == ["main"]
    assert "Oak Bowl" in response.text


def test_dev_shows_blocks_of_installed_apps_and_explains_the_others(tmp_path: Path) -> None:
    main = (
        '<div>{% content_for "blocks" %}</div>{% schema %}{"name": "Main", "blocks": [{"type": "@app"}]}{% endschema %}'
    )
    blocks = {"dates": {"type": "@app/delivery_dates/estimate"}, "gone": {"type": "@app/stars/rating"}}
    template = {
        "sections": {"main": {"type": "main", "blocks": blocks, "block_order": ["dates", "gone"]}},
        "order": ["main"],
    }
    folder = write(tmp_path, **{"sections/main.html": main, "templates/product.json": json.dumps(template)})
    _, client = site(folder)

    page = client.get("/products/oak-bowl", base_url=HERE).text

    assert 'class="app-block app-block--delivery_dates-estimate"' in page
    assert "The app &#39;stars&#39; is not installed; remove this block." in page
    styles = re.findall(r'/theme/apps/delivery_dates/[^"]+\.css', page)
    assert b".delivery-dates{" in client.get(styles[0], base_url=HERE).data
    assert client.get(styles[0].replace("delivery_dates", "stars"), base_url=HERE).status_code == 404


def test_dev_answers_no_other_host(tmp_path: Path) -> None:
    _, client = site(write(tmp_path))

    assert client.get("/", base_url="http://evil.test").status_code == 403


def change(folder: Path, path: str, content: str) -> dict[str, Any] | None:
    local = LocalTheme(folder)
    local.refresh()
    (folder / path).write_text(content)
    return local.refresh()


def test_a_style_sheet_is_swapped(tmp_path: Path) -> None:
    news = change(write(tmp_path), "assets/theme.css", "body { margin: 1px }")

    assert news is not None
    assert (news["kind"], list(news["styles"]), news["sections"]) == ("swap", ["theme.css"], [])


def test_a_section_is_rendered_again_with_its_styles(tmp_path: Path) -> None:
    folder = write(tmp_path)
    section = (folder / "sections/main.html").read_text()

    news = change(folder, "sections/main.html", "{% stylesheet %}b{}{% endstylesheet %}" + section)

    assert news is not None
    assert (news["kind"], list(news["styles"]), news["sections"]) == ("swap", ["_sections.css"], ["main"])


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("snippets/card.html", CARD),
        ("layout/theme.html", "{{ content_for_layout }}"),
        ("locales/en.default.json", "{}"),
    ],
)
def test_all_else_loads_the_page_anew(tmp_path: Path, path: str, content: str) -> None:
    assert change(write(tmp_path), path, content) == {"kind": "reload"}


def test_nothing_changed_is_no_news(tmp_path: Path) -> None:
    assert change(write(tmp_path), "assets/theme.css", "body { margin: 0 }") is None


def test_a_mistake_is_told_and_the_last_good_theme_stays(tmp_path: Path) -> None:
    folder = write(tmp_path)
    made, client = site(folder)
    (folder / "sections/main.html").write_text("{{ a b }}")

    news = made.local.refresh()
    still = client.get("/", base_url=HERE)
    (folder / "sections/main.html").write_text(small_theme()["sections/main.html"].decode())
    mended = made.local.refresh()

    assert news is not None
    assert news["kind"] == "problem"
    assert "sections/main.html:1" in news["message"]
    assert still.status_code == 200
    assert mended == {"kind": "reload"}


def test_a_theme_that_was_never_good_shows_why(tmp_path: Path) -> None:
    _, client = site(write(tmp_path, **{"snippets/card.html": "{% if %}"}))

    response = client.get("/", base_url=HERE)

    assert response.status_code == 500
    assert "snippets/card.html:1" in response.text
    assert "/_dev/events" in response.text


def listen(client: Client, *, since: str) -> Iterator[bytes]:
    return client.get(f"/_dev/events?since={since}", base_url=HERE, buffered=False).iter_encoded()


def test_a_page_drawn_before_a_change_loads_anew(tmp_path: Path) -> None:
    folder = write(tmp_path)
    made, client = site(folder)
    drawn = re.search(r'data-revision="(\w+)"', client.get("/products/oak-bowl", base_url=HERE).text)
    assert drawn is not None
    (folder / "sections/main.html").write_text("<b>New</b>")
    made.local.refresh()

    stream = listen(client, since=drawn[1])

    assert [next(stream), next(stream)] == [b": hello\n\n", b'data: {"kind": "reload"}\n\n']
    made.close()


def test_a_page_opened_during_a_mistake_is_told_of_it(tmp_path: Path) -> None:
    folder = write(tmp_path)
    made, client = site(folder)
    (folder / "sections/main.html").write_text("{{ a b }}")
    made.local.refresh()

    stream = listen(client, since=made.local.revision)

    assert next(stream) == b": hello\n\n"
    assert b"sections/main.html:1" in next(stream)
    made.close()


def test_listeners_hear_of_changes(tmp_path: Path) -> None:
    made, client = site(write(tmp_path))
    stream = listen(client, since=made.local.revision)
    hello = next(stream)

    made.tell({"kind": "reload"})

    assert hello == b": hello\n\n"
    assert next(stream) == b'data: {"kind": "reload"}\n\n'
    made.close()
