"""A shop's own words: filled in safely, previewed, and never run."""

from __future__ import annotations

import pytest

from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.notifications.own_texts import (
    TEXT_OF,
    UnknownMailKind,
    UnknownPlaceholder,
    checked,
    fill,
    read_texts,
    write_text,
)
from souk.notifications.preview import preview

ORIGIN = "https://lamps.example"


def test_own_words_take_the_place_of_ours_in_every_mail(shop: TenantScope, other_shop: TenantScope) -> None:
    own = {"subject": "Hello {{customer}}: {{ order }}", "text": "<b>Dear</b> {{ customer }}, {{ amount }} {{ shop }}"}
    with transaction(shop, read_only=True) as session:
        mails = {kind: (preview(session, kind, {}, ORIGIN), preview(session, kind, own, ORIGIN)) for kind in TEXT_OF}
    for kind, (ours, theirs) in mails.items():
        name = "" if kind == "draft_invoiced" else "Ada Lind"
        assert ours.subject
        assert theirs.subject.startswith(f"Hello {name}".strip()), kind
        assert f"<b>Dear</b> {name}" in theirs.text, kind
        # In HTML what a merchant writes is text, never markup.
        assert "&lt;b&gt;Dear&lt;/b&gt;" in theirs.html, kind
        assert "{{" not in ours.text + ours.html + theirs.text + theirs.html
    with transaction(shop) as session:
        write_text(session, "order_placed", "Thanks, {{ customer }}", "")
        assert read_texts(session) == {"order_placed": {"subject": "Thanks, {{ customer }}", "text": ""}}
    with transaction(other_shop) as session:
        assert read_texts(session) == {}
    with transaction(shop) as session:
        write_text(session, "order_placed", "", "")
        assert read_texts(session)["order_placed"] == {}


@pytest.mark.parametrize("text", ["{{ config }}", "{{ order.token }}", "{{ 7*7 }}", "{{}}", "a {{ secret }} b"])
def test_a_placeholder_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UnknownPlaceholder):
        checked("order_placed", "", text)


def test_template_code_is_only_text() -> None:
    assert checked("order_placed", "", "{% for x in y %}")["text"] == "{% for x in y %}"
    assert fill("{% x %} {{ order }} {{ order.token }}", {"order": "#1"}) == "{% x %} #1 {{ order.token }}"
    with pytest.raises(UnknownMailKind):
        checked("password_reset", "", "x")
