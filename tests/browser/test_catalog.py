"""A merchant builds a matrix of variants and edits many products at once, with and without scripts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import World

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
WAYS = pytest.mark.parametrize(
    ("viewport", "javascript"), [(DESKTOP, True), (PHONE, True), (DESKTOP, False)], ids=["desktop", "phone", "plain"]
)


def _address(world: World, path: str) -> str:
    return f"http://{world.demo.facts['admin']['host']}:{world.demo.port}/shops/ember/{path}"


def _save(page: Page, name: str, said: str) -> None:
    page.get_by_role("button", name=name).click()
    expect(page.locator("[role=status]")).to_contain_text(said)


def _fits(page: Page) -> bool:
    return bool(page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"))


@WAYS
def test_a_matrix_is_generated_edited_and_keeps_what_was_typed(
    world: World, viewport: ViewportSize, *, javascript: bool
) -> None:
    with world.watched(viewport, javascript=javascript, allowed=422) as page:
        world.sign_in(page)
        page.goto(_address(world, "products/new"))
        page.fill("[name=title]", "Matrix shirt")
        page.fill("[name=price]", "20")
        page.fill("[name=o-0-name]", "Size")
        page.fill("[name=o-0-values]", "S, M, L")
        _save(page, "Save", "The product is saved.")
        page.get_by_role("link", name="Edit 3 variants").click()

        page.fill("[name=o-1-name]", "Colour")
        page.locator("[name=o-1-value]").first.fill("Red")
        _save(page, "Generate the variants", "0 variants made")
        page.locator("[name=o-1-value]").nth(1).fill("Blue")
        _save(page, "Generate the variants", "3 variants made")
        expect(page.locator("h1")).to_contain_text("6")
        assert _fits(page)

        page.get_by_label("Price of S / Red").fill("21.50")
        page.get_by_label("SKU of L / Blue").fill("TYPED")
        page.get_by_label("On hand of M / Red").fill("four")
        page.get_by_role("button", name="Save the variants").click()
        expect(page.locator("[role=alert]")).to_contain_text("M / Red")
        expect(page.get_by_label("SKU of L / Blue")).to_have_value("TYPED")
        expect(page.get_by_label("On hand of M / Red")).to_have_value("four")
        page.get_by_label("On hand of M / Red").fill("4")
        _save(page, "Save the variants", "3 variants are saved.")

        page.select_option("[name=option2]", "Blue")
        page.get_by_role("button", name="Show").click()
        page.get_by_label("Price of all rows").fill("30")
        _save(page, "Save into all", "3 variants are saved.")
        expect(page.get_by_label("Price of S / Blue")).to_have_value("30.00")
        page.get_by_role("link", name="Matrix shirt").click()
        expect(page.locator("h1")).to_contain_text("Matrix shirt")


@WAYS
def test_many_products_are_edited_in_a_grid(world: World, viewport: ViewportSize, *, javascript: bool) -> None:
    with world.watched(viewport, javascript=javascript, allowed=422) as page:
        world.sign_in(page)
        page.goto(_address(world, "products?q=candle"))
        for box in page.locator("[name=ids]").all()[:2]:
            box.check()
        page.locator(".actions summary").click()
        page.get_by_role("button", name="Edit in a grid").click()
        prices = page.locator("[name$='-price']:not([name^='all'])")
        before = prices.first.input_value()

        page.get_by_label("Barcode of all rows").fill("4012345678901")
        page.get_by_role("button", name="Fill").click()
        prices.first.fill("cheap")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("[role=alert]")).to_be_visible()
        expect(prices.first).to_have_value("cheap")
        prices.first.fill(before)
        _save(page, "Save", "products are changed")

        barcodes = page.locator("[name$='-barcode']:not([name^='all'])")
        assert {barcode.input_value() for barcode in barcodes.all()} == {"4012345678901"}
        assert prices.first.input_value() == before
        assert _fits(page)


def test_pictures_are_uploaded_moved_by_keyboard_and_focused(world: World, tmp_path: Path) -> None:
    files = [tmp_path / f"{color}.png" for color in ("red", "green")]
    for file in files:
        Image.new("RGB", (60, 40), file.stem).save(file)
    with world.watched(DESKTOP) as page:
        world.sign_in(page)
        page.goto(_address(world, "products/new"))
        page.fill("[name=title]", "Pictured")
        page.fill("[name=price]", "20")
        page.set_input_files("[name=pictures]", files)
        rows = page.locator("[data-gallery] > [data-row]")
        expect(rows).to_have_count(2)
        second = rows.nth(1).locator("[name=media]").input_value()
        rows.nth(1).get_by_label("What it shows").fill("The green side")

        rows.nth(1).locator(".frame").click(position={"x": 10, "y": 90})
        rows.nth(1).locator("[data-handle]").focus()
        page.keyboard.press("ArrowUp")
        _save(page, "Save", "The product is saved.")

        first = page.locator("[data-gallery] > [data-row]").first
        expect(first.locator("[name=media]")).to_have_value(second)
        expect(first.get_by_label("What it shows")).to_have_value("The green side")
        assert int(first.locator("[name^=focal-x]").input_value()) < 20


def test_rules_of_a_collection_are_previewed_while_they_are_typed(world: World) -> None:
    with world.watched(DESKTOP) as page:
        world.sign_in(page)
        page.goto(_address(world, "collections/new"))
        page.fill("[name=title]", "All candles")
        page.get_by_label("Kept by rules").check()
        page.select_option("[name=c-0-field]", "title")
        page.select_option("[name=c-0-relation]", "contains")
        page.fill("[name=c-0-value]", "candle")
        expect(page.locator("[data-preview]")).to_contain_text(re.compile(r"[1-9]\d* products?"))

        _save(page, "Save", "The collection is saved.")

        expect(page.locator("[data-reorder] > [data-row]").first).to_contain_text(re.compile("candle", re.IGNORECASE))
