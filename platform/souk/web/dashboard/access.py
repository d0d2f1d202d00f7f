"""Decide per request which shop it is about and what the person may do there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from flask import g
from flask_login import current_user
from werkzeug.wrappers import Response

from souk.kernel.db import transaction
from souk.kernel.settings import read_setting
from souk.kernel.tenancy import control_scope
from souk.staff.memberships import ShopAccess, shop_of, shops_of
from souk.staff.roles import Permission, require

P = ParamSpec("P")
Answer = str | Response | tuple[str, int]


def in_shop(
    permission: Permission | None = None,
) -> Callable[[Callable[Concatenate[ShopAccess, P], Answer]], Callable[..., Answer]]:
    """Hand the view the shop of `<slug>`; 404 unless the person works there, 403 unless the role allows it."""

    def decorate(view: Callable[Concatenate[ShopAccess, P], Answer]) -> Callable[..., Answer]:
        @wraps(view)
        def guarded(slug: str, *args: P.args, **kwargs: P.kwargs) -> Answer:
            access = enter(slug)
            if permission is not None:
                require(access.role, permission)
            return view(access, *args, **kwargs)

        return guarded

    return decorate


def enter(slug: str) -> ShopAccess:
    """Read membership and shop settings once for the request; raises UnknownMembership."""
    staff_id = current_user.record.id
    with transaction(control_scope(), read_only=True) as session:
        access = shop_of(session, staff_id, slug)
        g.shops = shops_of(session, staff_id)
    with transaction(access.scope, read_only=True) as session:
        g.shop_settings = read_setting(session, "shop")
    g.access = access
    return access
