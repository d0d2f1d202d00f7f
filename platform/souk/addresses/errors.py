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


class AddressIncomplete(BadAddress):
    """The country's addresses have this part."""

    code = "address_incomplete"

    def __init__(self, field: str, country: str) -> None:
        super().__init__(field, f"The address lacks {field}; {country or 'every country'} needs it.")


class NotOfCountry(BadAddress):
    """A postal code or state that the country does not have."""

    code = "address_invalid"
