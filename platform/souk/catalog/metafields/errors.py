"""What can be wrong with a metafield or its definition."""

from __future__ import annotations

from souk.kernel.errors import Conflict, Invalid, NotFound


class MetafieldInvalid(Invalid):
    """`field` is the name of the input."""

    code = "metafield_invalid"

    def __init__(self, name: str, field: str, cure: str) -> None:
        super().__init__(f"{name}: {cure}", field=field)


class DefinitionInvalid(Invalid):
    code = "metafield_definition_invalid"

    def __init__(self, field: str, cure: str) -> None:
        super().__init__(cure, field=field)


class DefinitionTaken(Conflict):
    code = "metafield_definition_taken"

    def __init__(self, full_key: str) -> None:
        super().__init__(f"There is a metafield {full_key} already; choose another key.")


class DefinitionMissing(NotFound):
    code = "metafield_definition_missing"

    def __init__(self) -> None:
        super().__init__("There is no such metafield definition in this shop; it may have been deleted.")
