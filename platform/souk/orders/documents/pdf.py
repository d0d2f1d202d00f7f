"""Documents as PDF, for callers that seldom print one."""

from __future__ import annotations

from typing import Any


def pdf_of(document: Any) -> bytes:
    """Return the PDF of a row of `order_documents`; the same row gives the same bytes."""
    # The library and its fonts take 27 MB and a third of a second: only a process that prints pays them.
    from souk.orders.documents.render import render  # noqa: PLC0415 - as above

    return render(document)
