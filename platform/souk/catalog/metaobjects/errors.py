"""What can be wrong with an entry or with its definition."""

from __future__ import annotations

from souk.kernel.errors import Conflict, Invalid, NotFound


class MetaobjectInvalid(Invalid):
    """`field` is the name of the input."""

    code = "metaobject_invalid"

    def __init__(self, field: str, cure: str) -> None:
        super().__init__(cure, field=field)


class MetaobjectDefinitionInvalid(Invalid):
    code = "metaobject_definition_invalid"

    def __init__(self, field: str, cure: str) -> None:
        super().__init__(cure, field=field)


class MetaobjectDefinitionTaken(Conflict):
    code = "metaobject_definition_taken"

    def __init__(self, kind: str) -> None:
        super().__init__(f"There are entries of the type {kind} already; choose another type.")


class MetaobjectDefinitionUsed(Conflict):
    """Something refers to entries of this type."""

    code = "metaobject_definition_used"

    def __init__(self, users: str) -> None:
        super().__init__(f"These fields refer to its entries; delete them first: {users}.")


class MetaobjectDefinitionMissing(NotFound):
    code = "metaobject_definition_missing"

    def __init__(self) -> None:
        super().__init__("There are no entries of this type in this shop; the type may have been deleted.")


class MetaobjectMissing(NotFound):
    code = "metaobject_missing"

    def __init__(self) -> None:
        super().__init__("There is no such entry in this shop; it may have been deleted.")
