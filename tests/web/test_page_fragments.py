from __future__ import annotations

from markupsafe import Markup

from souk.web.page_cache.fragments import Fragments
from souk.web.page_cache.memory import Memory
from themes.fragments import Fragment

CARD = Fragment(Markup("<b>Lamp</b>"), frozenset(["product-1", "settings"]))


def heard() -> Memory:
    memory = Memory()
    memory.heard = True
    return memory


def test_a_fragment_is_kept_for_its_shop_until_what_it_shows_changes() -> None:
    memory = heard()
    Fragments(memory, 1).put("card", CARD)

    own, other = Fragments(memory, 1).get("card"), Fragments(memory, 2).get("card")
    memory.purge(2, ["product-1"])
    still = Fragments(memory, 1).get("card")
    memory.purge(1, ["product-1"])
    gone = Fragments(memory, 1).get("card")

    assert (own, other, still, gone) == (CARD, None, CARD, None)


def test_what_was_read_before_a_purge_is_not_kept_after_it() -> None:
    memory = heard()
    late = Fragments(memory, 1)

    memory.purge(1, ["product-9"])
    late.put("card", CARD)

    assert Fragments(memory, 1).get("card") is None


def test_nothing_is_kept_while_purges_cannot_be_heard() -> None:
    memory = Memory()

    Fragments(memory, 1).put("card", CARD)
    memory.heard = True

    assert Fragments(memory, 1).get("card") is None
