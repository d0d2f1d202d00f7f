"""Parameters and answers that all lists of the admin API share."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field

from souk.web.api.schemas.common import Limit, Shape


class CursorParameters(Shape):
    """`after` is the `next_cursor` of the page before."""

    limit: Limit = 50
    after: str = Field(default="", max_length=64)


class CursorPage(Shape):
    """`next_cursor` is null on the last page."""

    next_cursor: str | None


def _without_defaults(schema: dict[str, Any]) -> None:
    for described in schema.get("properties", {}).values():
        described.pop("default", None)


class Changes(Shape):
    """What a PATCH names; a field that is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra=_without_defaults)

    def named(self) -> dict[str, Any]:
        """Return the fields that the request holds."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Deleted(Shape):
    id: str
    deleted: bool = True
