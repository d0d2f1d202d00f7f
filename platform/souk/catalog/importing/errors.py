"""Why a file, or a product in it, cannot be imported."""

from __future__ import annotations

from collections.abc import Sequence

from souk.kernel.errors import Invalid


class NotAProductFile(Invalid):
    code = "not_a_product_file"

    def __init__(self, missing: Sequence[str]) -> None:
        columns = ", ".join(missing)
        super().__init__(f"The file lacks the columns {columns}; export it again as a Shopify product CSV.")


class FileUnreadable(Invalid):
    code = "file_unreadable"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The file cannot be read ({reason}); save it as CSV in UTF-8, plain or gzipped.")


class RowInvalid(Invalid):
    """`line` is the line of the product's first row; the product is left out and the others are imported."""

    code = "row_invalid"

    def __init__(self, line: int, handle: str, reason: str) -> None:
        super().__init__(f"Line {line}, {handle}: {reason}", line=line, handle=handle)
