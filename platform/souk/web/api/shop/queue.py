"""The queue before the checkout of a flash sale, for programs: the same places that browsers wait for."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.models import Product, Variant
from souk.checkout.admission.errors import AdmissionRequired, UnknownTicket
from souk.checkout.admission.ticket import number_of, sign_ticket
from souk.checkout.admission.wait import bind_ticket, wait_for
from souk.kernel import ids, ratelimit
from souk.kernel.db import transaction
from souk.web.api.definition import shop_api
from souk.web.api.operations import Call
from souk.web.api.schemas.orders import JoinQueue, QueuePlace
from souk.web.api.shop.items import NotOnSale
from souk.web.api.shop.product_rows import on_sale

LOOK_AGAIN = 5
# A program may ask for many buyers; one that draws places for nobody must not fill the queue.
PLACES_PER_MINUTE = 300


@shop_api.operation(
    "POST",
    "/queue",
    summary="Take a place in the queue of a flash sale, or look how it stands",
    tag="orders",
    takes=JoinQueue,
    answers=QueuePlace,
    edge=True,
)
def join_queue(call: Call, body: JoinQueue) -> QueuePlace:
    tenant_id = call.scope.tenant_id
    number = _number(tenant_id, body.ticket)
    if number is None:
        # Before the transaction: none may wait for Redis.
        key = f"queue:{tenant_id}:{call.ip_address}"
        ratelimit.limit(key, attempts=PLACES_PER_MINUTE, seconds=60, pod=call.scope.pod)
    with transaction(call.scope) as session:
        wait = wait_for(session, _goods(session, body.variant_ids), number)
    if wait is None:
        return QueuePlace(status="open", ticket="", ahead=0, look_again=0)
    if wait.standing is None:
        return QueuePlace(status="sold_out", ticket="", ahead=0, look_again=0)
    ticket = sign_ticket(tenant_id, wait.standing.number)
    if wait.admitted:
        return QueuePlace(status="admitted", ticket=ticket, ahead=0, look_again=0)
    return QueuePlace(status="waiting", ticket=ticket, ahead=wait.standing.ahead, look_again=LOOK_AGAIN)


def take_place(session: Session, tenant_id: int, ticket: str, goods: Mapping[int, int], token: str) -> None:
    """Bind the buyer's place, or a free one, to a checkout of `goods`: product ids by variant id.

    Raises AdmissionRequired where there is no room, UnknownTicket for a ticket that we have not signed.
    """
    wait = wait_for(session, goods, _number(tenant_id, ticket))
    if wait is None or wait.standing is None:
        return
    if not wait.admitted:
        raise AdmissionRequired
    bind_ticket(session, wait, token)


def _number(tenant_id: int, ticket: str) -> int | None:
    number = number_of(tenant_id, ticket) if ticket else None
    if ticket and number is None:
        raise UnknownTicket
    return number


def _goods(session: Session, variant_ids: list[str]) -> dict[int, int]:
    """Return product ids by variant id; raises NotOnSale with the place of the first that is not sold."""
    wanted = [ids.decode(ids.VARIANT, one) for one in variant_ids]
    query = select(Variant.id, Variant.product_id).join(Product, Product.id == Variant.product_id)
    found = {row.id: row.product_id for row in session.execute(query.where(Variant.id.in_(wanted), *on_sale()))}
    for index, one in enumerate(wanted):
        if one not in found:
            raise NotOnSale(index)
    return found
