"""A shop's own words in its mails, each with a preview of how it reads."""

from __future__ import annotations

from flask import g, request

from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.notifications.own_texts import (
    OPTIONAL,
    PLACES,
    TEXT_OF,
    checked,
    read_texts,
    read_unsent,
    set_sending,
    write_text,
)
from souk.notifications.preview import preview
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import asked, done, page


@blueprint.get("/shops/<slug>/mail/texts")
@in_shop(Permission.SETTINGS)
def mail_texts(access: ShopAccess) -> Answer:
    return _page(access, asked("kind", tuple(TEXT_OF)) or "order_placed")


def _page(access: ShopAccess, kind: str, error: SoukError | None = None, typed: dict[str, str] | None = None) -> str:
    with transaction(access.scope, read_only=True) as session:
        texts = read_texts(session)
        own = typed if typed is not None else texts.get(kind, {})
        unsent = read_unsent(session)
        shown = preview(session, kind, {} if error else own, config().origin(access.primary_host))
    return page(
        "mail_texts.html", kind=kind, kinds=TEXT_OF, texts=texts, own=own, shown=shown, places=PLACES, error=error,
        optional=OPTIONAL, unsent=unsent, sent="send" in request.form if request.form else kind not in unsent,
        locale=g.shop_settings.get("locale", "en"),
    )  # fmt: skip


@blueprint.post("/shops/<slug>/mail/texts")
@in_shop(Permission.SETTINGS)
def save_mail_text(access: ShopAccess) -> Answer:
    form = request.form
    kind = form.get("kind", "")
    subject, text = form.get("subject", "").replace("\0", ""), form.get("text", "").replace("\0", "")
    try:
        own = checked(kind, subject, text)
        if form.get("do") == "preview":
            return _page(access, kind, typed=own)
        with transaction(access.scope) as session:
            write_text(session, kind, subject, text)
            set_sending(session, kind, wanted="send" in form)
    except SoukError as error:
        known = kind if kind in TEXT_OF else "order_placed"
        return _page(access, known, error, {"subject": subject, "text": text}), error.status
    return done("The mail says it in your words now.", "mail_texts", access, kind=kind)
