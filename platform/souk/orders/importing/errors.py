"""Why a file of orders cannot be taken."""

from __future__ import annotations

from collections.abc import Sequence

from souk.kernel.errors import Conflict, Invalid


class NotAnOrderFile(Invalid):
    code = "not_an_order_file"

    def __init__(self, missing: str, columns: Sequence[str]) -> None:
        super().__init__(
            f"No column is used as {missing}; choose one of the file's columns ({', '.join(columns[:12])}).",
            field=missing,
        )


class BadImportCurrency(Invalid):
    code = "invalid_import_currency"

    def __init__(self, typed: str) -> None:
        super().__init__(
            f"“{typed[:10]}” is no currency; write the three letters of ISO 4217, such as EUR.", field="currency"
        )


class NotAnOrderImport(Conflict):
    code = "not_an_order_import"

    def __init__(self, job_id: int) -> None:
        super().__init__(f"Import {job_id} brings in products; look at it among the imports of products.")
