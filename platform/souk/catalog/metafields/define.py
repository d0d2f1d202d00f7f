"""Define metafields: what a merchant may write at products, variants and collections, and of which type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.catalog.metafields.errors import DefinitionInvalid, DefinitionMissing, DefinitionTaken
from souk.catalog.metafields.models import MetafieldDefinition
from souk.catalog.metafields.types import ENTRY_REFERENCE, TYPES
from souk.catalog.metaobjects.models import MetaobjectDefinition
from souk.catalog.models import Collection, Product, Variant
from souk.kernel.events import Event
from souk.kernel.outbox import publish

OWNERS: Mapping[str, Any] = {"product": Product, "variant": Variant, "collection": Collection}
MAX_DEFINITIONS = 200
_NAME = re.compile(r"[a-z0-9_-]{2,64}")


@dataclass(frozen=True, slots=True)
class Definition:
    id: int
    owner_type: str
    namespace: str
    key: str
    name: str
    description: str
    type: str
    validations: Mapping[str, Any]
    storefront: bool
    filterable: bool

    @property
    def full_key(self) -> str:
        return f"{self.namespace}.{self.key}"


@dataclass(frozen=True, slots=True)
class DefinitionDraft:
    """`validations`: {"min", "max"} for numbers, {"choices"} for texts, {"metaobject"} (a type) for entries."""

    owner_type: str
    name: str
    key: str
    type: str
    namespace: str = "custom"
    description: str = ""
    validations: Mapping[str, Any] = field(default_factory=dict)
    storefront: bool = True


def define_metafield(session: Session, draft: DefinitionDraft) -> int:
    """Store a definition and return its id; raises DefinitionInvalid, DefinitionTaken."""
    _check(session, draft)
    row = insert(MetafieldDefinition).values(
        owner_type=draft.owner_type, namespace=draft.namespace, key=draft.key, name=draft.name.strip(),
        description=draft.description.strip(), type=draft.type, validations=dict(draft.validations),
        storefront=draft.storefront,
    )  # fmt: skip
    made = session.execute(row.on_conflict_do_nothing().returning(MetafieldDefinition.id)).scalar_one_or_none()
    if made is None:
        raise DefinitionTaken(f"{draft.namespace}.{draft.key}")
    return made


def list_definitions(session: Session, owner_type: str | None = None) -> list[Definition]:
    """Return the definitions of one kind of owner, or of all, in the order in which they were made."""
    model = MetafieldDefinition
    columns = (
        model.id, model.owner_type, model.namespace, model.key, model.name, model.description, model.type,
        model.validations, model.storefront, model.filterable,
    )  # fmt: skip
    query = select(*columns).order_by(model.owner_type, model.position, model.id)
    if owner_type is not None:
        query = query.where(model.owner_type == owner_type)
    return [Definition(*list(row)) for row in session.execute(query)]


def read_definition(session: Session, definition_id: int) -> Definition:
    """Return one; raises DefinitionMissing."""
    found = next((one for one in list_definitions(session) if one.id == definition_id), None)
    if found is None:
        raise DefinitionMissing
    return found


def delete_definition(session: Session, definition_id: int) -> None:
    """Forget a definition with all its values; raises DefinitionMissing."""
    model = MetafieldDefinition
    gone = delete(model).where(model.id == definition_id).returning(model.owner_type, model.namespace, model.key)
    row = session.execute(gone).first()
    if row is None:
        raise DefinitionMissing
    owner, full_key = OWNERS[row.owner_type], f"{row.namespace}.{row.key}"
    session.execute(
        update(owner).where(owner.metafields.has_key(full_key)).values(metafields=owner.metafields.op("-")(full_key))
    )
    # Pages that showed it are no longer true.
    publish(session, Event("settings.updated", 0, {"name": "metafields"}))


def check_name(name: str) -> None:
    """Raise DefinitionInvalid for a name that nobody could read."""
    if not 0 < len(name.strip()) <= 100 or not name.isprintable():  # noqa: PLR2004 - told in the sentence
        raise DefinitionInvalid("name", "Give the field a name of 1 to 100 characters.")


def check_key(text: str, field: str) -> None:
    """Raise DefinitionInvalid for a key that cannot be written in a theme or a file."""
    if not _NAME.fullmatch(text):
        raise DefinitionInvalid(field, f"The {field} has 2 to 64 small letters, digits, - and _.")


def check_type(session: Session, kind: str, validations: Mapping[str, Any]) -> None:
    """Raise DefinitionInvalid for a type that is none, or a reference to entries of a type that is not defined."""
    if kind not in TYPES:
        raise DefinitionInvalid("type", "Choose a type of the list.")
    named = validations.get("metaobject")
    if kind.removeprefix("list.") != ENTRY_REFERENCE:
        if named:
            raise DefinitionInvalid("metaobject", "Only a reference to entries names their type.")
        return
    model = MetaobjectDefinition
    known = named and session.execute(select(model.id).where(model.type == str(named))).first()
    if not known:
        raise DefinitionInvalid("metaobject", "Choose of which type the entries are; define that type first.")


def _check(session: Session, draft: DefinitionDraft) -> None:
    if draft.owner_type not in OWNERS:
        raise DefinitionInvalid("owner_type", f"Choose whose field it is: {', '.join(OWNERS)}.")
    check_name(draft.name)
    check_key(draft.key, "key")
    check_key(draft.namespace, "namespace")
    check_type(session, draft.type, draft.validations)
    if draft.namespace.startswith("app--"):
        raise DefinitionInvalid("namespace", "Namespaces that begin with app-- belong to apps; choose another.")
    if session.execute(select(func.count(MetafieldDefinition.id))).scalar_one() >= MAX_DEFINITIONS:
        raise DefinitionInvalid("key", f"A shop has at most {MAX_DEFINITIONS} metafields; delete one first.")
