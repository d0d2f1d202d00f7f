"""What can be wrong with an address."""

from __future__ import annotations

from souk.kernel.errors import Invalid


class BadAddress(Invalid):
    """`field` names the part that is wrong; `cure` is a whole sentence."""

    code = "invalid_address"

    def __init__(self, field: str, cure: str = "") -> None:
        super().__init__(
            cure
            or f"The address field {field!r} cannot be taken; give text of at most 200 characters,"
            " and the country as two letters (ISO 3166-1), such as DE.",
            field=field,
        )
