"""Each rule of the validator finds its fault, at its line and with its cure; a sound theme has no finding."""

# ruff: noqa: E501 - a case is read in one line

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.themes.small import GLOBAL, LAYOUT, PAGES, SECTION, TEMPLATE, small_theme
from themes.validate import check, errors


class Case(NamedTuple):
    """`change` maps a path to its new content (None removes the file)."""

    rule: str
    file: str
    line: int
    words: str
    change: dict[str, Any]


def schema(**parts: Any) -> str:
    return "{% schema %}" + json.dumps({"name": "Main", **parts}) + "{% endschema %}"


def setting(**keys: Any) -> dict[str, Any]:
    """Return a change that puts one setting into a section's schema, on line 1."""
    return {"sections/main.html": schema(settings=[{"label": "One", **keys}]), "templates/index.json": "{}"}


def template(**keys: Any) -> dict[str, Any]:
    return {"templates/index.json": json.dumps({**TEMPLATE, **keys})}


def main(**keys: Any) -> dict[str, Any]:
    return template(sections={"main": {"type": "main", **keys}})


def body(markup: str) -> dict[str, Any]:
    return {"sections/main.html": f"{markup}\n{SECTION}"}


MAIN = "sections/main.html"
INDEX = "templates/index.json"
DATA = "config/settings_data.json"
CASES = [
    Case("missing-file", "layout/theme.html", 1, "add it", {"layout/theme.html": None}),
    Case("missing-template", "templates/404.json", 1, "add this file", {"templates/404.json": None}),
    Case("file-place", "extra/a.html", 1, "move it", {"extra/a.html": ""}),
    Case("file-place", "assets/deep/a.css", 1, "without folders below", {"assets/deep/a.css": ""}),
    Case("file-name", "assets/a b.css", 1, "rename it", {"assets/a b.css": ""}),
    Case("file-name", "assets/..css", 1, "rename it", {"assets/..css": ""}),
    Case("file-kind", "assets/page.html", 1, "assets/ holds", {"assets/page.html": "<p>"}),
    Case("file-kind", "snippets/a.js", 1, "snippets/ holds .html only", {"snippets/a.js": ""}),
    Case("file-size", "snippets/card.html", 1, "may have 256 KB", {"snippets/card.html": "x" * 300_000}),
    Case("file-size", INDEX, 1, "may have 512 KB", {INDEX: '{"sections": {}}' + " " * 600_000}),
    Case("encoding", "snippets/card.html", 2, "not UTF-8", {"snippets/card.html": b"a\n\xff{{ item }}"}),
    Case("file-content", "assets/a.png", 1, "no png", {"assets/a.png": "<script>"}),
    Case("svg-active", "assets/a.svg", 2, "active content", {"assets/a.svg": "<svg>\n<script>1</script></svg>"}),
    Case("svg-active", "assets/a.svg", 1, "onload", {"assets/a.svg": "<svg onload=x></svg>"}),
    Case("too-many-files", "theme.json", 1, "at most 1500", {f"assets/a{n}.txt": "" for n in range(1500)}),
    Case("manifest", "theme.json", 1, "`version`", {"theme.json": '{"name": "S", "handle": "s", "engine": "1"}'}),
    Case("manifest", "theme.json", 1, "`engine` is one of 1", {"theme.json": '{"name": "S", "handle": "s", "version": "1.0.0"}'}),
    Case("json", "theme.json", 2, "not valid JSON", {"theme.json": '{"name":\n }'}),
    Case("json", INDEX, 1, "nests deeper", {INDEX: '{"a":' * 60 + "1" + "}" * 60}),
    Case("json", INDEX, 1, "nested too deep", {INDEX: "[" * 90_000}),
    Case("syntax", MAIN, 1, "end of print statement", body("{{ a b }")),
    Case("syntax", MAIN, 2, "unknown tag 'includes'", body("\n{% includes 'a' %}")),
    Case("syntax", MAIN, 1, "Include is not available", body("{% include 'a' %}")),
    Case("syntax", MAIN, 1, "did you mean 'upper'?", body("{{ shop.name | upper2 }}")),
    Case("syntax", MAIN, 1, "There is no test 'evn'", body("{% if 1 is evn %}{% endif %}")),
    Case("syntax", MAIN, 1, "statically nested blocks", body("{% for a in [1] %}" * 22 + "{% endfor %}" * 22)),
    Case("repeated-part", MAIN, 1, "join them", body("{% stylesheet %}{% endstylesheet %}{% stylesheet %}{% endstylesheet %}")),
    Case("unknown-object", MAIN, 1, "did you mean 'product'?", body("{{ product2.title }}")),
    Case("unknown-object", "snippets/card.html", 1, "give it in the render tag", {"snippets/card.html": "{{ itm.title }}"}),
    Case("unknown-property", MAIN, 1, "There is no shop.name2 (did you mean 'name'?)", body("{{ shop.name2 }}")),
    Case("unknown-property", MAIN, 1, "product.category.tite", body("{{ product.category.tite }}")),
    Case("unknown-setting", MAIN, 1, "'heading2' in the schema of this section", body("{{ section.settings.heading2 }}")),
    Case("unknown-setting", MAIN, 1, "'colour' in config/settings_schema.json", body("{{ settings['colour'] }}")),
    Case("unknown-setting", MAIN, 1, "'txt' in the schema", body("{% for block in section.blocks %}{{ block.settings.txt }}{% endfor %}")),
    Case("filter-arguments", MAIN, 1, "truncate cannot be called so", body("{{ shop.name | truncate(1, 2, 3) }}")),
    Case("filter-arguments", MAIN, 1, "unexpected keyword argument 'length2'", body("{{ shop.name | truncate(length2=1) }}")),
    Case("missing-snippet", MAIN, 1, "did you mean 'snippets/card.html'?", body("{% render 'crd' %}")),
    Case("missing-section", "layout/theme.html", 1, "sections/head.html", {"layout/theme.html": "{% section 'head' %}" + LAYOUT}),
    Case("missing-group", "layout/theme.html", 1, "sections/head.json", {"layout/theme.html": "{% sections 'head' %}" + LAYOUT}),
    Case("missing-asset", MAIN, 1, "assets/them.css", body("{{ 'them.css' | asset_url }}")),
    Case("missing-translation", MAIN, 1, "did you mean 'cart.title'?", body("{{ 'cart.titel' | t }}")),
    Case("layout-object", "layout/theme.html", 1, "content_for_header", {"layout/theme.html": "{{ content_for_layout }}"}),
    Case("render-cycle", "snippets/b.html", 1, "snippets/a.html > snippets/b.html > snippets/a.html",
         {"snippets/a.html": "{% render 'b' %}", "snippets/b.html": "{% render 'a' %}"}),
    Case("render-depth", "snippets/s0.html", 1, "deeper than 12",
         {f"snippets/s{n}.html": f"{{% render 's{n + 1}' %}}" for n in range(14)} | {"snippets/s14.html": ""}),
    Case("unused-snippet", "snippets/old.html", 1, "remove it", {"snippets/old.html": ""}),
    Case("default-locale", "locales/en.default.json", 1, "now none", {"locales/en.default.json": None, "locales/en.json": "{}"}),
    Case("locale-name", "locales/english.json", 1, "rename it", {"locales/english.json": "{}"}),
    Case("locale", "locales/en.default.json", 2, "no text", {"locales/en.default.json": '{"cart": {"title": "C",\n"n": 1}}'}),
    Case("untranslated", "locales/de.json", 1, "'cart.title' is missing", {"locales/de.json": "{}"}),
    Case("unused-translation", "locales/de.json", 2, "no text 'b'", {"locales/de.json": '{"cart": {"title": "W"},\n"b": "B"}'}),
    Case("translation-places", "locales/de.json", 1, "other places", {"locales/de.json": '{"cart": {"title": "{n}"}}'}),
    Case("schema", MAIN, 1, "needs a `name`", {MAIN: "{% schema %}{}{% endschema %}", INDEX: "{}"}),
    Case("schema", MAIN, 1, "'settingz' means nothing", {MAIN: schema(settingz=[])}),
    Case("schema", MAIN, 1, "`tag` is one of", {MAIN: schema(tag="script")}),
    Case("schema", MAIN, 1, "`max_blocks` is a number from 1 to 50", {MAIN: schema(max_blocks=51)}),
    Case("schema", "snippets/card.html", 1, "Only sections and blocks", {"snippets/card.html": schema()}),
    Case("schema", "config/settings_schema.json", 1, "list of groups", {"config/settings_schema.json": "{}"}),
    Case("setting", MAIN, 1, "There is no setting type 'text2'", setting(type="text2", id="a")),
    Case("setting", MAIN, 1, "needs an `id`", setting(type="text")),
    Case("setting", MAIN, 1, "needs an `id`", setting(type="text", id="Has Blank")),
    Case("setting", MAIN, 1, "has no `label`", setting(type="text", id="a", label="")),
    Case("setting", MAIN, 1, "needs `max`", setting(type="range", id="a", min=1, default=1)),
    Case("setting", MAIN, 1, "`min` of 'a' must be smaller", setting(type="range", id="a", min=5, max=5, default=5)),
    Case("setting", MAIN, 1, "must be from 1 to 6", setting(type="range", id="a", min=1, max=6, default=9)),
    Case("setting", MAIN, 1, "must be a step of 2", setting(type="range", id="a", min=0, max=6, step=2, default=3)),
    Case("setting", MAIN, 1, "more than 101 steps", setting(type="range", id="a", min=0, max=900, default=0)),
    Case("setting", MAIN, 1, "are numbers", setting(type="range", id="a", min="1", max=6, default=2)),
    Case("setting", MAIN, 1, "needs `options`", setting(type="select", id="a")),
    Case("setting", MAIN, 1, "must be one of x", setting(type="select", id="a", options=[{"value": "x"}], default="y")),
    Case("setting", MAIN, 1, "true or false", setting(type="checkbox", id="a", default="yes")),
    Case("setting", MAIN, 1, "a colour such as", setting(type="color", id="a", default="url(x)")),
    Case("setting", MAIN, 1, "begins with https:", setting(type="url", id="a", default="javascript:alert(1)")),
    Case("setting", MAIN, 1, "'colour' means nothing", setting(type="text", id="a", colour=1)),
    Case("setting", MAIN, 1, "`visible_if` of 'a' cannot be read", setting(type="text", id="a", visible_if="{{ 1 + 1 }}")),
    Case("setting", MAIN, 1, "needs its text in `content`", setting(type="header")),
    Case("setting-id", MAIN, 1, "used twice", {MAIN: schema(settings=[{"type": "text", "id": "a", "label": "A"}] * 2)}),
    Case("setting-id", "config/settings_schema.json", 1, "another group", {"config/settings_schema.json": json.dumps(GLOBAL * 2)}),
    Case("block-type", MAIN, 1, "declared twice", {MAIN: schema(blocks=[{"type": "n", "name": "N"}] * 2)}),
    Case("block-type", MAIN, 1, "use @theme or @app", {MAIN: schema(blocks=[{"type": "@thema"}])}),
    Case("block-type", MAIN, 1, "needs a `name`", {MAIN: schema(blocks=[{"type": "n"}])}),
    Case("template", INDEX, 1, "needs an object `sections`", {INDEX: "[]"}),
    Case("template", INDEX, 1, "'sectoins' means nothing", template(sectoins=1)),
    Case("missing-layout", INDEX, 1, "layout/wide.html", template(layout="wide")),
    Case("order", INDEX, 1, "names 'main2', which does not exist (did you mean 'main'?)", template(order=["main2"])),
    Case("order", INDEX, 1, "twice", template(order=["main", "main"])),
    Case("order", INDEX, 1, "never shown", template(order=[])),
    Case("missing-section", INDEX, 1, "sections/main3.html", template(sections={"main": {"type": "main3"}})),
    Case("too-many-sections", INDEX, 1, "at most 25", template(sections={f"s{n}": {"type": "main"} for n in range(26)}, order=None)),
    Case("unknown-setting", INDEX, 1, "'heding' (did you mean 'heading'?)", main(settings={"heding": "x"})),
    Case("setting-value", INDEX, 1, "it must be a text", main(settings={"heading": 1})),
    Case("setting-value", INDEX, 1, "from 1 to 6", main(settings={"columns": 7})),
    Case("block-type", INDEX, 1, "takes no block 'not' (did you mean 'note'?)", main(blocks={"n": {"type": "not"}})),
    Case("block-type", INDEX, 1, "takes no block '@app/reviews/stars'", main(blocks={"n": {"type": "@app/reviews/stars"}})),
    Case("too-many-blocks", INDEX, 1, "at most 50", main(blocks={f"b{n}": {"type": "note"} for n in range(51)})),
    Case("settings-data", DATA, 1, "no preset 'Dark'", {DATA: '{"current": "Dark", "presets": {}}'}),
    Case("setting-value", DATA, 3, "a colour such as", {DATA: '{"current": {\n\n"text_color": "red;}"}}'}),
    Case("unknown-setting", DATA, 1, "'colour'", {DATA: '{"current": {"colour": "#111"}}'}),
    Case("bundle", MAIN, 2, "served as it stands", body("{% stylesheet %}\na { color: {{ settings.text_color }} }{% endstylesheet %}")),
    Case("bundle", MAIN, 2, "cannot import or export", body("{% javascript %}\nimport x from 'y';{% endjavascript %}")),
    Case("bundle", MAIN, 1, "more than 64 KB", body("{% javascript %}" + "x" * 70_000 + "{% endjavascript %}")),
    Case("image-size", MAIN, 1, "no width and height", body("<img src='a.png' alt=''>")),
    Case("remote-asset", MAIN, 1, "another host", body("<script src='https://cdn.test/a.js' defer></script>")),
    Case("blocking-script", MAIN, 1, "add defer", body("<script src='/a.js'></script>")),
    Case("hardcoded-route", MAIN, 1, "use the object routes", body("<a href='/cart'>Cart</a>")),
]  # fmt: skip


def test_a_sound_theme_has_no_finding() -> None:
    assert check(small_theme()) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.words}")
def test_rule_finds_its_fault(case: Case) -> None:
    findings = check(small_theme(**case.change))

    found = [each for each in findings if (each.rule, each.file, each.line) == (case.rule, case.file, case.line)]
    assert any(case.words in each.message for each in found), findings
    assert all(each.message.endswith((".", "?")) for each in findings)


def test_findings_of_one_file_are_all_reported() -> None:
    findings = check(small_theme(**body("{{ a | upper2 }}\n{{ shop.name2 }}\n{{ 'x' | t }}")))

    assert [(each.line, each.rule) for each in findings] == [
        (1, "syntax"), (1, "unknown-object"), (2, "unknown-property"), (3, "missing-translation"),
    ]  # fmt: skip


def test_a_file_that_does_not_parse_keeps_its_schema() -> None:
    findings = check(small_theme(**body("{{ a b }}")))

    assert [each.rule for each in findings] == ["syntax"]


def test_warnings_do_not_keep_a_theme_from_being_published() -> None:
    findings = check(small_theme(**{"snippets/old.html": ""}))

    assert [each.severity for each in findings] == ["warning"]
    assert errors(findings) == []


def test_a_name_with_a_fallback_may_be_missing() -> None:
    markup = "{{ maybe | default('x') }}{% if perhaps is defined %}{{ perhaps }}{% endif %}"

    assert check(small_theme(**body(markup))) == []


def test_a_setting_may_be_bound_to_a_property() -> None:
    assert check(small_theme(**main(settings={"heading": "{{ product.vendor }}"}))) == []


def test_a_theme_of_faults_ends_at_a_bound() -> None:
    findings = check(small_theme(**body("{{ nope }}" * 9000)))

    assert 0 < len(findings) <= 500


def test_every_page_of_the_storefront_must_have_a_template() -> None:
    findings = check({})

    missing = {each.file for each in findings if each.rule == "missing-template"}
    assert missing == {f"templates/{page}.json" for page in PAGES}


def test_the_guide_names_every_rule() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "theme-developers.md").read_text("utf-8")

    assert sorted({case.rule for case in CASES if f"`{case.rule}`" not in guide}) == []


def test_reading_a_folder_finds_misplaced_files(tmp_path: Path) -> None:
    from themes.files import read_all

    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "a.html").write_text("x")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("secret")

    assert read_all(tmp_path) == {"deep/er/a.html": b"x"}
