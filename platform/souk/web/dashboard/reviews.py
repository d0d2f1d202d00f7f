"""Moderate what customers say: publish, hide, reply."""

from __future__ import annotations

from flask import request
from sqlalchemy.orm import Session

from souk.kernel.db import transaction
from souk.kernel.errors import Invalid, SoukError
from souk.reviews.publish import hide_review, publish_review
from souk.reviews.queries import browse_reviews, count_by_status
from souk.reviews.reply import MAX_REPLY, reply_to_review
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import asked, done, page, page_number

PER_PAGE = 20
STATUSES = ("pending", "published", "hidden")
_SAID = {"publish": "The review is shown.", "hide": "The review is hidden.", "reply": "The reply is saved."}


class UnknownAction(Invalid):
    code = "unknown_action"

    def __init__(self) -> None:
        super().__init__("Choose what to do by one of the page's buttons.", field="action")


@blueprint.get("/shops/<slug>/reviews")
@in_shop()
def reviews(access: ShopAccess) -> Answer:
    return _reviews_page(access)


def _reviews_page(access: ShopAccess, error: SoukError | None = None, failed: int = 0) -> str:
    status, query, number = asked("status", STATUSES), asked("q"), page_number(request.args.get("page"))
    with transaction(access.scope, read_only=True) as session:
        rows, total = browse_reviews(session, status=status, query=query, page=number, limit=PER_PAGE)
        counts = count_by_status(session)
    return page(
        "reviews.html", rows=rows, total=total, counts=counts, status=status, statuses=STATUSES, query=query,
        number=number, per_page=PER_PAGE, most=MAX_REPLY, failed=failed, error=error,
    )  # fmt: skip


@blueprint.post("/shops/<slug>/reviews/<int:review_id>")
@in_shop(Permission.CATALOG)
def moderate(access: ShopAccess, review_id: int) -> Answer:
    action = request.form.get("action", "")
    try:
        with transaction(access.scope) as session:
            _moderate(session, review_id, action)
    except SoukError as error:
        return _reviews_page(access, error, review_id), error.status
    return done(_SAID[action], "reviews", access, **request.args.to_dict())


def _moderate(session: Session, review_id: int, action: str) -> None:
    if action not in _SAID:
        raise UnknownAction
    # Each button sends the whole form: a reply that was typed must not be lost by pressing "Publish".
    if "reply" in request.form:
        reply_to_review(session, review_id, request.form["reply"])
    if action == "publish":
        publish_review(session, review_id)
    elif action == "hide":
        hide_review(session, review_id)
