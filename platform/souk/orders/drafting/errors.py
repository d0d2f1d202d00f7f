"""What can be wrong with a draft order."""

from __future__ import annotations

from souk.kernel.errors import Conflict, Invalid, NotFound


class UnknownDraft(NotFound):
    code = "unknown_draft_order"

    def __init__(self) -> None:
        super().__init__("There is no such draft order in this shop; look at the list of drafts.")


class DraftEnded(Conflict):
    code = "draft_order_ended"

    def __init__(self, status: str) -> None:
        super().__init__(f"This draft is {status}; make a new one.", status=status)


class BadDraft(Invalid):
    code = "invalid_draft_order"

    def __init__(self, why: str) -> None:
        super().__init__(why)
