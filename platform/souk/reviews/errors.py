"""What a review can be refused for."""

from __future__ import annotations

from souk.kernel.errors import Conflict, Invalid, NotFound


class AlreadyReviewed(Conflict):
    code = "already_reviewed"

    def __init__(self) -> None:
        super().__init__("You have reviewed this product already; one review a customer and product is kept.")


class NoSuchReview(NotFound):
    code = "review_not_found"

    def __init__(self) -> None:
        super().__init__("There is no review with this id in the shop.")


class NoSuchProduct(NotFound):
    code = "product_not_found"

    def __init__(self) -> None:
        super().__init__("There is no product with this id in the shop; search for it by its name.")


class ReplyTooLong(Invalid):
    code = "reply_too_long"

    def __init__(self, most: int) -> None:
        super().__init__(f"Shorten the reply to {most:,} characters of plain text.", field="reply")
