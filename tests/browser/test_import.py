"""A merchant brings a list of products in with the browser alone: columns, dry run, apply, undo."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import World

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
HEADINGS = "Artikelname;Preis;Artikelnummer;Marke;Bestand;Notiz\n"
ROWS = (
    "Salt cellar;9,50;SC-1;Alba;4;x\nPepper mill;1.249,00;PM-1;Alba;2;y\n"
    "Sugar bowl;billig;SB-1;Alba;1;z\nMilk jug;12,00;MJ-1;Alba;7;=1+1\n"
)


def _address(world: World, path: str) -> str:
    return f"http://{world.demo.facts['admin']['host']}:{world.demo.port}/shops/ember/{path}"


def _upload(world: World, page: Page, file: Path) -> None:
    page.goto(_address(world, "imports"))
    page.set_input_files("input[name=file]", file)
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url(re.compile(r"/imports/\d+$"))


def _until(page: Page, text: str) -> None:
    """Wait until the work behind the page has ended; without scripts the page loads itself again."""
    expect(page.locator("main")).to_contain_text(text, timeout=60_000)


@pytest.mark.parametrize(
    ("viewport", "javascript"), [(DESKTOP, True), (PHONE, True), (DESKTOP, False)], ids=["desktop", "phone", "plain"]
)
def test_a_list_is_mapped_checked_applied_and_undone(
    world: World, tmp_path: Path, viewport: ViewportSize, *, javascript: bool
) -> None:
    name = f"list-{viewport['width']}-{javascript}.csv"
    (tmp_path / name).write_text(HEADINGS + ROWS)
    with world.watched(viewport, javascript=javascript) as page:
        world.sign_in(page)
        _upload(world, page, tmp_path / name)
        rows = page.locator("tbody tr")
        expect(rows.filter(has_text="Artikelname").locator("select")).to_have_value("title")
        expect(rows.filter(has_text="Preis").locator("select")).to_have_value("price")
        rows.filter(has_text="Notiz").locator("select").select_option("tags")

        page.get_by_role("button", name="See what would change").click()
        _until(page, "Apply to 3 products")
        expect(page.locator("main")).to_contain_text("Line 4, Preis: “billig” is no number; write it like 12.50.")
        page.get_by_role("button", name="Apply to 3 products").click()
        _until(page, "Undo this import")
        with page.expect_download() as download:
            page.get_by_role("link", name="Error file").click()
        assert "Sugar bowl" in download.value.path().read_text("utf-8-sig")

        page.goto(_address(world, "products?q=PM-1"))
        expect(page.locator("main")).to_contain_text("Pepper mill")
        expect(page.locator("main")).to_contain_text("1,249.00")
        page.go_back()
        page.get_by_role("button", name="Undo this import").click()
        _until(page, "The shop is as it was before.")
        page.goto(_address(world, "products?q=PM-1"))
        expect(page.locator("main")).not_to_contain_text("Pepper mill")


def test_the_catalogue_goes_out_and_comes_back_without_a_change(world: World, tmp_path: Path) -> None:
    with world.watched(DESKTOP) as page:
        world.sign_in(page)
        page.goto(_address(world, "exports"))
        page.get_by_role("button", name="Export").click()
        link = page.get_by_role("link", name=re.compile(r"^products-.*\.csv$")).first
        link.wait_for(timeout=60_000)
        with page.expect_download() as download:
            link.click()
        download.value.save_as(tmp_path / "products.csv")

        _upload(world, page, tmp_path / "products.csv")
        page.get_by_role("button", name="See what would change").click()

        _until(page, "There is nothing to write.")
