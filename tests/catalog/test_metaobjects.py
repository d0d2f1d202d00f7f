"""Entries that merchants define: their kinds, values, references to them, and what goes with them when they go."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.metafields.define import DefinitionDraft, define_metafield, read_definition
from souk.catalog.metafields.errors import DefinitionInvalid, MetafieldInvalid
from souk.catalog.metafields.write import write_metafields
from souk.catalog.metaobjects.change import change_metaobject_definition, delete_metaobject_definition
from souk.catalog.metaobjects.define import EntryField, EntryType, EntryTypeDraft, define_metaobject, read_entry_type
from souk.catalog.metaobjects.delete import delete_entry
from souk.catalog.metaobjects.errors import (
    MetaobjectDefinitionInvalid,
    MetaobjectDefinitionMissing,
    MetaobjectDefinitionTaken,
    MetaobjectDefinitionUsed,
    MetaobjectInvalid,
    MetaobjectMissing,
)
from souk.catalog.metaobjects.models import Metaobject
from souk.catalog.metaobjects.queries import list_entries, read_entry, shown_by_id, shown_of_type
from souk.catalog.metaobjects.save import EntryDraft, save_entry
from souk.catalog.models import Product
from souk.catalog.save_product import save_product
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.tenancy import TenantScope

LINE = "single_line_text_field"


def kind_of(scope: TenantScope, name: str, *fields: EntryField, **values: Any) -> EntryType:
    with transaction(scope) as session:
        return read_entry_type(session, define_metaobject(session, EntryTypeDraft(name, name, "", fields, **values)))


def entry_of(scope: TenantScope, kind: EntryType, title: str, **values: Any) -> int:
    with transaction(scope) as session:
        return save_entry(session, kind, EntryDraft(title, **values))


def test_an_entry_is_checked_kept_and_changed(shop: TenantScope, other_shop: TenantScope) -> None:
    kind = kind_of(
        shop, "wood", EntryField("origin", "Origin", LINE, required=True), EntryField("age", "Age", "number_integer")
    )
    oak = entry_of(shop, kind, "Oak", values={"origin": "Vermont", "age": "90"})
    again = entry_of(shop, kind, "Oak", values={"origin": "Maine"})

    with transaction(shop) as session:
        save_entry(session, kind, EntryDraft("White oak", "oak", "draft", {"age": ""}), oak)
        found, twin = read_entry(session, oak), read_entry(session, again)
        listed = list_entries(session, kind.id, "oak")
        shown, total = shown_of_type(session, "wood", 0, 50)
    with transaction(other_shop, read_only=True) as session, pytest.raises(MetaobjectMissing):
        read_entry(session, oak)

    assert (found.title, found.handle, found.status, found.values) == (
        "White oak",
        "oak",
        "draft",
        {"origin": "Vermont"},
    )
    assert twin.handle == "oak-2"
    assert ([one.title for one in listed[0]], listed[1]) == (["Oak", "White oak"], 2)
    assert ([one.id for one in shown], total) == ([again], 1)


@pytest.mark.parametrize(
    ("draft", "error", "told"),
    [
        (EntryDraft("", values={"origin": "x"}), MetaobjectInvalid, "a title"),
        (EntryDraft("Elm"), MetafieldInvalid, "Origin: fill it in"),
        (EntryDraft("Elm", values={"origin": "a\nb"}), MetafieldInvalid, "a single line"),
        (EntryDraft("Elm", values={"origin": "x", "none": "y"}), MetaobjectInvalid, "no field 'none'"),
        (EntryDraft("Elm", status="gone", values={"origin": "x"}), MetaobjectInvalid, "draft or active"),
    ],
)
def test_a_bad_entry_is_told_and_leaves_nothing(
    shop: TenantScope, draft: EntryDraft, error: type[SoukError], told: str
) -> None:
    kind = kind_of(shop, f"elm{abs(hash((draft.title, draft.status, *draft.values)))}",
                   EntryField("origin", "Origin", LINE, required=True))  # fmt: skip

    with pytest.raises(error, match=told), transaction(shop) as session:
        save_entry(session, kind, draft)

    with transaction(shop, read_only=True) as session:
        assert list_entries(session, kind.id) == ([], 0)


def test_a_kind_keeps_the_types_of_its_fields_and_forgets_values_with_them(shop: TenantScope) -> None:
    fields = [EntryField("one", "One", LINE), EntryField("two", "Two", LINE)]
    kind = kind_of(shop, "pair", *fields)
    entry = entry_of(shop, kind, "Pair", values={"one": "1", "two": "2"})

    with pytest.raises(MetaobjectDefinitionInvalid, match="keeps its type"), transaction(shop) as session:
        change_metaobject_definition(session, kind.id, {"fields": [EntryField("one", "One", "number_integer")]})
    with pytest.raises(MetaobjectDefinitionTaken), transaction(shop) as session:
        define_metaobject(session, EntryTypeDraft("pair", "Pair"))
    with transaction(shop) as session:
        change_metaobject_definition(session, kind.id, {"name": "Pairs", "fields": [fields[1]]})
        changed, left = read_entry_type(session, "pair"), read_entry(session, entry).values

    assert (changed.name, [each.key for each in changed.fields], changed.entries) == ("Pairs", ["two"], 1)
    assert left == {"two": "2"}


def test_references_lead_to_entries_of_their_kind_only_and_go_with_them(
    shop: TenantScope, other_shop: TenantScope
) -> None:
    kind = kind_of(shop, "maker")
    near = EntryField("near", "Near", "metaobject_reference", validations={"metaobject": "maker"})
    other = kind_of(shop, "place", near)
    anna, berta, town = entry_of(shop, kind, "Anna"), entry_of(shop, kind, "Berta"), entry_of(shop, other, "Town")
    with pytest.raises(DefinitionInvalid, match="define that type first"), transaction(other_shop) as session:
        define_metafield(session, DefinitionDraft("product", "Maker", "maker", "metaobject_reference",
                                                  validations={"metaobject": "maker"}))  # fmt: skip
    with transaction(shop) as session:
        save_entry(session, other, EntryDraft("Town", "town", values={"near": "anna"}), town)
        product = save_product(session, ProductDraft("Cup", (VariantDraft(900),)))
        typed = {}
        for key, type_name, text in (("one", "", "anna"), ("many", "list.", "berta\nanna"), ("sole", "list.", "anna")):
            draft = DefinitionDraft("product", key, key, f"{type_name}metaobject_reference",
                                    validations={"metaobject": "maker"})  # fmt: skip
            definition = read_definition(session, define_metafield(session, draft))
            typed[definition.full_key] = (definition, text)
        write_metafields(session, "product", product, typed)
        before = session.scalars(select(Product.metafields).where(Product.id == product)).one()
        with pytest.raises(MetafieldInvalid, match="no entry of this type has the handle 'town'"):
            write_metafields(session, "product", product, {"custom.one": (typed["custom.one"][0], "town")})
        with pytest.raises(MetafieldInvalid, match="none with this number"):
            write_metafields(session, "product", product, {"custom.one": (typed["custom.one"][0], str(town))})
        with pytest.raises(MetaobjectDefinitionUsed, match=r"custom\.one"):
            delete_metaobject_definition(session, kind.id)
        delete_entry(session, anna)
        after = session.scalars(select(Product.metafields).where(Product.id == product)).one()

        assert before == {"custom.one": anna, "custom.many": [berta, anna], "custom.sole": [anna]}
        assert after == {"custom.many": [berta]}
        assert session.scalars(select(Metaobject.field_values).where(Metaobject.id == town)).one() == {}
        assert set(shown_by_id(session, [anna, berta])) == {berta}
        with pytest.raises(MetaobjectDefinitionMissing):
            read_entry_type(session, "nothing")
