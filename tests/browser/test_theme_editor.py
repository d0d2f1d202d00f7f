"""A merchant changes a theme in the editor, with the mouse and with the keyboard alone, publishes and rolls back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import FrameLocator, Page, ViewportSize, expect

from tests.browser.conftest import World

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]
SIZE: ViewportSize = {"width": 1440, "height": 900}
MOST_TABS = 150
_FOCUS = """() => { const it = document.activeElement, inside = it.closest("[data-setting]");
  return `${it.getAttribute("aria-label") ?? it.textContent.trim()}|${inside?.dataset.setting ?? ""}`; }"""


@contextmanager
def editing(world: World, slug: str) -> Iterator[Page]:
    """Open the live theme of a shop in the editor; nothing of our own scripts may fail."""
    context = world.browser.new_context(viewport=SIZE)
    failed: list[str] = []
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 500 else None)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{world.sign_in(page)}/shops/{slug}/themes")
    page.get_by_role("link", name="Customise").first.click()
    expect(shown(page).locator("[data-section-id]").first).to_be_attached()
    yield page
    context.close()
    assert failed == []


def shown(page: Page) -> FrameLocator:
    return page.frame_locator("#frame")


def saved(page: Page) -> None:
    expect(page.locator("#status")).to_have_text("Saved")


def library(page: Page, slug: str, rest: str = "") -> None:
    page.goto(re.sub(r"/shops/.*", f"/shops/{slug}/themes{rest}", page.url))


def rows(page: Page) -> list[str]:
    return page.locator("#outline [aria-label=Page] > ol > li > .entry .name").all_inner_texts()


def test_a_merchant_edits_previews_publishes_and_rolls_back(world: World) -> None:
    slug, heading = "ember", "Fresh from the editor"
    with editing(world, slug) as page:
        before = rows(page)
        shown(page).locator(".hero__text").first.click()
        page.locator("[data-setting=heading] input").fill(heading)
        expect(shown(page).locator(".hero .display")).to_have_text(heading)
        expected = _arrange(page, before)
        expect(shown(page).locator(".hero .display")).to_have_text(heading)
        saved(page)

        # The draft outlives the tab, shows in a shared preview, and shoppers see nothing of it.
        page.reload()
        expect(shown(page).locator(".hero .display")).to_have_text(heading)
        assert rows(page) == expected
        guest = world.browser.new_page()
        guest.goto(_shared_link(page, slug))
        expect(guest.locator(".hero .display")).to_have_text(heading)
        guest.goto(world.origin(slug))
        expect(guest.locator(".hero .display")).not_to_have_text(heading)

        library(page, slug)
        page.get_by_role("link", name="Customise").first.click()
        expect(shown(page).locator(".hero .display")).to_have_text(heading)
        page.locator("#publish").click()
        expect(page.locator("#toasts")).to_contain_text("Shoppers see it now")
        live(guest, world.origin(slug), heading)

        library(page, slug, "/history")
        page.get_by_role("link").filter(has_text=re.compile(r"\d\d:\d\d")).first.click()
        expect(page.locator("main")).to_contain_text("Hero · Heading")
        page.go_back()
        page.get_by_role("button", name="Roll back to this").first.click()
        live(guest, world.origin(slug), heading, gone=True)
        guest.close()


def _arrange(page: Page, before: list[str]) -> list[str]:
    """Add a section below the chosen one, drag it to the end, hide the first one and undo that; returns the rows."""
    page.locator("#outline [aria-label=Page] .add").last.click()
    page.get_by_role("dialog").get_by_role("button", name="Text", exact=True).click()
    expect(shown(page).locator("[data-section-type=rich-text]").first).to_be_attached()
    added = rows(page)
    assert len(added) == len(before) + 1
    page.locator("#outline [aria-label=Page] > ol > li").nth(1).locator(".grip").first.hover()
    page.mouse.down()
    page.locator("#outline [aria-label=Footer]").hover()
    page.mouse.up()
    assert rows(page) == [*before, added[1]]
    page.locator("#outline").get_by_role("button", name=f"Hide {before[0]}").first.click()
    expect(shown(page).locator(".hero")).to_have_count(0)
    page.locator("#undo").click()
    return [*before, added[1]]


def _shared_link(page: Page, slug: str) -> str:
    library(page, slug)
    page.get_by_role("link", name="More", exact=True).first.click()
    page.get_by_role("button", name="Make a link").click()
    return page.locator("code").first.inner_text()


def live(page: Page, address: str, text: str, *, gone: bool = False) -> None:
    """Wait until shoppers see the text, or do not any more: the cache forgets within a second on an idle machine."""
    for _ in range(40):
        page.goto(address)
        if (text in page.locator(".hero .display").inner_text()) is not gone:
            return
        page.wait_for_timeout(500)
    raise AssertionError(text)


def tab_to(page: Page, name: str, setting: str = "") -> None:
    """Press Tab until the focus is on what has this name, or on the control of a setting."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        label, _, inside = str(page.evaluate(_FOCUS)).rpartition("|")
        if (setting and inside == setting) or (name and label.startswith(name)):
            return
    raise AssertionError(f"The keyboard does not reach {name or setting}.")


def test_everything_can_be_done_with_the_keyboard(world: World) -> None:
    slug, heading = "lumen", "Written without a mouse"
    with editing(world, slug) as page:
        before = rows(page)
        page.locator("#outline").focus()
        tab_to(page, before[0])
        page.keyboard.press("Enter")
        tab_to(page, "", setting="heading")
        page.keyboard.press("Control+a")
        page.keyboard.type(heading)
        expect(shown(page).get_by_text(heading).first).to_be_attached()

        page.keyboard.press("Escape")
        tab_to(page, f"Move {before[0]}")
        page.keyboard.press("ArrowDown")
        assert rows(page)[:2] == [before[1], before[0]]
        page.keyboard.press("Control+z")
        assert rows(page) == before

        tab_to(page, "Add a section")
        page.keyboard.press("Enter")
        tab_to(page, "Search sections")
        page.keyboard.type("text")
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert len(rows(page)) == len(before) + 1
        expect(page.locator("#outline [aria-current=true] [data-part=name]")).to_be_focused()
        saved(page)
        page.locator("#undo").focus()
        page.keyboard.press("Enter")
        assert rows(page) == before
        expect(page.locator("#undo")).to_be_focused()

        tab_to(page, "Publish")
        page.keyboard.press("Enter")
        expect(page.locator("#toasts")).to_contain_text("Shoppers see it now")
        library(page, slug, "/history")
        page.get_by_role("button", name="Roll back to this").first.focus()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_contain_text("Brought back")


def _choose_template(page: Page, slug: str, name: str) -> None:
    """Give the page "about" another template in its own form."""
    page.goto(re.sub(r"/shops/.*", f"/shops/{slug}/pages", page.url))
    page.get_by_role("link", name="About", exact=False).first.click()
    page.get_by_label("Template").select_option(name)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("The page is saved")


def test_a_block_of_an_app_stands_on_a_template_of_the_merchants_own(world: World) -> None:
    slug, handle = "ember", world.product("ember")
    added = ".app-block--delivery_dates-estimate .delivery-dates"
    with editing(world, slug) as page:
        page.locator("#page").select_option(label="New template …")
        form = page.get_by_role("dialog")
        form.get_by_label("Begin with a copy of").select_option("templates/page.json")
        form.get_by_label("Name").fill("Before Christmas")
        form.get_by_role("button", name="Make the template").click()
        expect(page.locator("#own-template")).to_contain_text("before-christmas")
        page.locator("#outline [aria-label=Page] > .add").click()
        page.get_by_role("dialog").get_by_role("button", name="Apps", exact=True).click()
        page.locator("#outline .add-block summary").last.click()
        page.get_by_role("group", name="Apps").get_by_role("button", name="Delivery dates").click()
        page.locator("[data-setting=later] input").fill("Under the tree by {dates}")
        expect(shown(page).locator(added)).to_have_attribute("data-later", "Under the tree by {dates}")
        saved(page)
        page.locator("#publish").click()
        expect(page.locator("#toasts")).to_contain_text("Shoppers see it now")

        _choose_template(page, slug, "before-christmas")
        guest = world.browser.new_page()
        guest.goto(f"{world.origin(slug)}/pages/about")
        expect(guest.locator(added)).to_contain_text(re.compile("Order within|Under the tree by"))
        guest.goto(f"{world.origin(slug)}/products/{handle}")
        expect(guest.locator(added)).to_have_count(1)
        guest.close()
