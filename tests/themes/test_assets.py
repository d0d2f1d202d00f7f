"""Assets and bundles have addresses that name their content."""

from __future__ import annotations

import re

from tests.themes.attacks.cell import page_of
from tests.themes.small import small_theme
from themes.render import render_page
from themes.theme import Theme

PNG = b"\x89PNG\r\n\x1a\n"
CARD = """{% stylesheet %}.card { background: url("paper.png") }{% endstylesheet %}
{% javascript %}document.title = 'card';{% endjavascript %}
<b>{{ item.title }}</b>"""


def theme(**changed: str | bytes | None) -> Theme:
    return Theme("small", small_theme(**{"snippets/card.html": CARD, "assets/paper.png": PNG, **changed}))


def addresses(html: str) -> dict[str, str]:
    return {name: sha12 for sha12, name in re.findall(r'"/theme/([0-9a-f]{12})/([\w.]+)"', html)}


def test_the_page_loads_each_bundle_once_by_its_content() -> None:
    html = render_page(theme(), "index", page_of()).html

    assert html.count("_sections.css") == 1
    assert html.count("_sections.js") == 1
    assert ".card" not in html
    assert "document.title" not in html


def test_a_bundle_is_served_at_its_own_address_only() -> None:
    made = theme()
    sha12 = addresses(render_page(made, "index", page_of()).html)["_sections.css"]

    served = made.asset(sha12, "_sections.css")

    assert served is not None
    assert served.startswith(b"/* snippets/card.html */\n.card {")
    assert made.asset("0" * 12, "_sections.css") is None


def test_a_style_sheet_names_the_fingerprint_of_its_pictures() -> None:
    made = theme(**{"assets/theme.css": "a { background: url(paper.png) } b { background: url(none.png) }"})

    served = made.asset(made.asset_hash("theme.css"), "theme.css")

    assert served == b"a { background: url(../%b/paper.png) } b { background: url(none.png) }" % (
        made.asset_hash("paper.png").encode()
    )


def test_a_changed_picture_changes_the_address_of_the_style_sheet() -> None:
    before, after = theme(), theme(**{"assets/paper.png": PNG + b"x"})

    assert before.asset_hash("_sections.css") != after.asset_hash("_sections.css")
    assert before.asset_hash("_sections.js") == after.asset_hash("_sections.js")


def test_the_script_of_one_file_cannot_stop_another() -> None:
    made = theme(**{"sections/main.html": "{% javascript %}const a = 1;{% endjavascript %}"})

    served = made.asset(made.asset_hash("_sections.js"), "_sections.js")

    assert served == (
        b"// sections/main.html\ntry { (() => {\nconst a = 1;\n})(); } catch (error) { reportError(error); }\n"
        b"// snippets/card.html\n"
        b"try { (() => {\ndocument.title = 'card';\n})(); } catch (error) { reportError(error); }\n"
    )


def test_a_theme_without_parts_loads_no_bundle() -> None:
    html = render_page(Theme("small", small_theme()), "index", page_of()).html

    assert "_sections" not in html


def test_layers_share_what_is_made_of_the_files() -> None:
    base = theme()

    layered = base.with_layer(settings={"text_color": "#333"})

    assert layered.asset_hash("_sections.css") == base.asset_hash("_sections.css")
    assert layered.file("snippets/card.html") is base.file("snippets/card.html")
