"""A merchant pins a search result and sees it move in the shop; a shopper is helped while typing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import World

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
SHOP, QUERY = "ember", "bowl"


def _found(world: World, page: Page, query: str = QUERY) -> list[str]:
    page.goto(f"{world.origin(SHOP)}/search?q={query}")
    return [title.strip() for title in page.locator("#results .card__title").all_inner_texts()]


def test_a_pinned_result_moves_to_the_top_of_the_shop(world: World) -> None:
    with world.watched(DESKTOP) as shopper, world.watched(DESKTOP) as staff:
        before = _found(world, shopper)
        last = before[min(len(before), 8) - 1]
        dashboard = f"{world.sign_in(staff)}/shops/{SHOP}"
        staff.goto(f"{dashboard}/search/rules")
        staff.fill("[name=terms]", QUERY)
        staff.get_by_role("button", name="Arrange its results").click()
        staff.get_by_label(f"What to do with {last}", exact=True).select_option("pinned")
        staff.get_by_role("button", name="Preview").click()

        preview, live = staff.locator("[data-results=preview] li"), staff.locator("[data-results=live] li")
        expect(preview.first).to_contain_text(last)
        expect(live.first).to_contain_text(before[0])
        assert _found(world, shopper) == before

        staff.get_by_role("button", name="Save").click()
        expect(staff.get_by_role("status")).to_contain_text("The rule is saved")
        expect(staff.locator("[data-results=live] li").first).to_contain_text(last)
        # Each process of the shop reads its rules anew after a second.
        shopper.wait_for_timeout(1_500)

        after = _found(world, shopper)

        assert after[0] == last
        assert sorted(after) == sorted(before)


def test_typing_suggests_and_the_keyboard_opens_a_product(world: World) -> None:
    with world.watched(DESKTOP) as page:
        page.goto(f"{world.origin(SHOP)}/search?q={QUERY}")
        title = page.locator("#results .card__title").first.inner_text().strip()
        page.goto(f"{world.origin(SHOP)}/")
        page.locator("[popovertarget=search-panel]").first.click()
        page.locator("#header-search").press_sequentially(title[: len(title) - 2].lower(), delay=30)
        option = page.locator("#header-suggest [role=option][href*='/products/']", has_text=title).first
        expect(option).to_be_visible()
        # The answer to the last letter may still come, and a new list begins without a choice.
        page.wait_for_load_state("networkidle")
        for _ in range(page.locator("#header-suggest [role=option]").count()):
            page.keyboard.press("ArrowDown")
            if option.get_attribute("aria-selected") == "true":
                break
        page.keyboard.press("Enter")

        page.wait_for_url(re.compile("/products/"))


def test_filters_and_other_spellings_work_without_javascript(world: World) -> None:
    with world.watched(DESKTOP, javascript=False) as page:
        page.goto(f"{world.origin(SHOP)}/search?q=mugg")
        expect(page.locator("#results .card__title").first).to_be_visible()
        page.goto(f"{world.origin(SHOP)}/search?q={QUERY}")
        box = page.locator("#facets-form input[type=checkbox]").first
        name, value = box.get_attribute("name"), box.get_attribute("value")
        box.check(force=True)
        page.locator("#facets-form button[type=submit]").click()

        page.wait_for_url(re.compile(re.escape(str(name))))
        assert page.locator(f"#facets-form input[name='{name}'][value='{value}']").is_checked()
        assert page.locator(f"#facets-form input[name='{name}']").count() >= 1
