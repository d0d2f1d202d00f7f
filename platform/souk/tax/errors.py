"""What can be wrong with the tax table."""

from __future__ import annotations

from souk.kernel.errors import Conflict, Invalid, NotFound


class TaxRateMissing(NotFound):
    code = "tax_rate_missing"

    def __init__(self) -> None:
        super().__init__("There is no such tax rate in this shop; it may have been deleted.")


class TaxRateInvalid(Invalid):
    """`cure` is the whole sentence."""

    code = "tax_rate_invalid"

    def __init__(self, field: str, cure: str) -> None:
        super().__init__(cure, field=field)


class TaxRateTaken(Conflict):
    code = "tax_rate_taken"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is a rate {name!r} for this place and tax class already; change that one or choose another name."
        )


class BadVatNumber(Invalid):
    code = "invalid_tax_number"

    def __init__(self) -> None:
        super().__init__(
            "This is no VAT number of the European Union; write it with its country, such as DE136695976.",
            field="tax_number",
        )


class TaxProviderInvalid(Invalid):
    """A setting for the tax provider; `cure` is the whole sentence."""

    code = "tax_provider_invalid"

    def __init__(self, field: str, cure: str) -> None:
        super().__init__(cure, field=field)
