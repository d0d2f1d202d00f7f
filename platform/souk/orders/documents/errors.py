"""Why a document cannot be issued or found."""

from __future__ import annotations

from souk.kernel.errors import Conflict, NotFound


class UnknownDocument(NotFound):
    code = "unknown_document"

    def __init__(self) -> None:
        super().__init__("There is no such document; look at the order's documents.")


class CannotIssue(Conflict):
    code = "cannot_issue_document"

    def __init__(self, why: str) -> None:
        super().__init__(f"This document cannot be issued: {why}.")
