"""Two shops full of everything that has an id, a handle or a token, and people who are signed in to them."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from souk.catalog.digital.models import DigitalFile
from souk.catalog.exporting.models import ExportJob
from souk.catalog.importing.jobs import create_import
from souk.catalog.importing.mappings import mapping_for
from souk.catalog.importing.models import ImportJob, ImportMapping, ImportRow
from souk.catalog.importing.upload import store_upload
from souk.catalog.metafields.models import MetafieldDefinition
from souk.catalog.metaobjects.define import EntryTypeDraft, define_metaobject, read_entry_type
from souk.catalog.metaobjects.save import EntryDraft, save_entry
from souk.catalog.models import Category, Collection, Product
from souk.checkout.abandoned.link import sign
from souk.checkout.models import Checkout
from souk.content.models import Article, Menu, Page, Redirect
from souk.customers.models import Customer, CustomerAddress, CustomerPaymentMethod, CustomerToken
from souk.inventory.counts import open_count
from souk.inventory.locations import create_location
from souk.inventory.transfer import create_transfer
from souk.kernel import clock
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.models import ApiToken, Delivery, OutboxEvent, WebhookEndpoint
from souk.kernel.tenancy import control_scope, pod_scope
from souk.kernel.tokens import hash_token, new_token
from souk.media.configured import media_storage
from souk.media.store import keep_image, record_image
from souk.notifications.models import MailMessage
from souk.orders.documents.issue import issue_invoice
from souk.orders.downloads.models import Download
from souk.orders.drafting.save import create_draft
from souk.orders.models import Fulfillment, Order, OrderChange, OrderLine
from souk.payments.gift_cards.issue import NewCard, issue_card
from souk.pricing.drafts import PriceListDraft
from souk.pricing.save_list import save_price_list
from souk.reviews.models import Review
from souk.search.promises import add_search_test
from souk.search.rules import RuleDraft, save_rule
from souk.shipping.models import ShippingZone
from souk.staff.create import create_staff
from souk.staff.memberships import add_membership, shops_of
from souk.tax.models import TaxRate
from tests.factories.commerce import ready_checkout
from tests.factories.discounts import make_discount
from tests.fixtures.stores import ADDRESS, PASSWORD, Store, make_store, read
from themes.installations import add_work
from themes.publishing import list_publications, publish_theme
from themes.work import Work

ADMIN = "http://admin.souk.test"


@dataclass(frozen=True, slots=True)
class Customers:
    """Somebody who is signed in to one shop, in a browser and with a token of its API."""

    email: str
    api_token: str
    cookie: str
    customer_id: int
    order_id: int
    address_id: int
    session_id: int
    method_id: int


@dataclass(frozen=True, slots=True)
class World:
    """One shop. `objects` maps the name of a route's argument to the value that names this shop's object."""

    store: Store
    slug: str
    canary: str
    customer: Customers
    app_token: str
    staff: FlaskClient
    objects: Mapping[str, Any]
    tokens: Mapping[str, str]
    handles: Mapping[str, str]


def make_world(app: Flask, name: str, *, first_id: int) -> World:
    """Furnish a shop; `name` is in every text of it, so that a leak shows in a page."""
    store, canary = make_store(app, first_id=first_id), f"canary-{name}"
    customer = new_customer(store, canary)
    with transaction(store.scope) as session:
        objects, handles = _furnish(session, store, canary)
        order_token = session.execute(select(Order.token).where(Order.id == customer.order_id)).scalar_one()
        objects |= _order_papers(session, customer.order_id, canary)
        app_token, tokens = new_token("souk_"), _secrets(session, customer.customer_id)
        row = insert(ApiToken).values(name=canary, token_hash=hash_token(app_token), scopes=["*"])
        objects["token_id"] = session.execute(row.returning(ApiToken.id)).scalar_one()
        objects |= _sold_file(session, customer.order_id, objects["product_id"], canary)
        tokens["download"] = session.execute(select(Download.token)).scalar_one()
    tokens["order"] = order_token
    tokens["checkout"] = ready_checkout(store.scope, [(store.variants["Oak Bowl"][0], 1)])
    objects["checkout_id"], tokens["abandoned"] = _left_checkout(store, canary)
    staff, staff_id, slug, reset = _staff(app, store, canary)
    objects |= {"order_id": customer.order_id, "customer_id": customer.customer_id, "staff_id": staff_id}
    objects |= {"address_id": customer.address_id, "session_id": customer.session_id, "slug": slug}
    objects["method_id"] = customer.method_id
    objects |= {**_picture(store, canary), **_webhook(store, canary)}
    return World(store, slug, canary, customer, app_token, staff, objects, tokens | {"staff_reset": reset}, handles)


def new_customer(store: Store, canary: str) -> Customers:
    """Register somebody who has an order, an address and a browser session."""
    user = store.new_user()
    order = {
        "user_id": user["user_id"],
        "items": [{"variant_id": f"variant_{store.variants['Oak Bowl'][0]}", "quantity": 1}],
        "shipping_address": {**ADDRESS, "name": canary},
        "payment_method": {"type": "test", "token": "tok_approved"},
    }
    placed = store.call("POST", "/api/v1/orders", order, token=user["token"])
    assert placed.status_code == 201, placed.text
    customer_id = int(user["user_id"].removeprefix("user_"))
    cookie = new_token()
    with transaction(store.scope) as session:
        address = insert(CustomerAddress).values(customer_id=customer_id, address={**ADDRESS, "name": canary})
        address_id = session.execute(address.returning(CustomerAddress.id)).scalar_one()
        session_id = _token(session, customer_id, "session", cookie)
        email = session.execute(select(Customer.email).where(Customer.id == customer_id)).scalar_one()
        method = insert(CustomerPaymentMethod).values(
            customer_id=customer_id, provider="test_gateway", provider_reference=f"tm-{canary}", label=canary
        )
        method_id = session.execute(method.returning(CustomerPaymentMethod.id)).scalar_one()
    order_id = int(read(placed)["order_id"].removeprefix("order_"))
    return Customers(email, user["token"], cookie, customer_id, order_id, address_id, session_id, method_id)


def sign_in_staff(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    sent = client.post(
        "/sign-in", data={"email": email, "password": PASSWORD, "csrf_token": csrf(client, "/sign-in")}, base_url=ADMIN
    )
    assert sent.status_code == 303, sent.text
    return client


def csrf(client: FlaskClient, page: str = "/account") -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page, base_url=ADMIN).text)
    assert found is not None
    return found[1]


def _furnish(session: Session, store: Store, canary: str) -> tuple[dict[str, Any], dict[str, str]]:
    now, variant_id = clock.now(), store.variants["Oak Bowl"][0]
    product = session.execute(select(Product.id).where(Product.title == "Oak Bowl")).scalar_one()
    # A page that does not exist shows its address: the handle must not look like a leak.
    handle = canary.replace("canary", "thing-of")
    session.execute(update(Product).where(Product.id == product).values(handle=handle))
    cellar = create_location(session, canary)
    rows: dict[str, tuple[Any, dict[str, Any]]] = {
        "collection_id": (Collection, {"handle": handle, "title": canary, "published_at": now, "updated_at": now}),
        "page_id": (Page, {"handle": handle, "title": canary, "published_at": now, "updated_at": now}),
        "article_id": (Article, {"handle": handle, "title": canary, "published_at": now, "updated_at": now}),
        "menu_id": (Menu, {"handle": handle, "title": canary, "updated_at": now}),
        "redirect_id": (Redirect, {"path": f"/{canary}", "target": "/"}),
        "definition_id": (
            MetafieldDefinition,
            {"owner_type": "product", "namespace": "care", "key": "wash", "name": canary, "type": "json"},
        ),
        "zone_id": (ShippingZone, {"name": canary, "countries": ["AQ"], "rates": []}),
        "tax_rate_id": (TaxRate, {"country": "AQ", "name": canary, "rate": Decimal("0.1")}),
        "review_id": (Review, {"product_id": product, "author": canary, "rating": 5}),
        "mail_id": (
            MailMessage,
            {
                "dedupe_key": canary, "kind": "test", "recipient": "a@example.com", "subject": canary,
                "text_body": canary, "html_body": canary,
            },
        ),
    }  # fmt: skip
    care = {"owner_type": "collection", "namespace": "care", "key": "wash", "name": canary, "type": "json"}
    session.execute(insert(MetafieldDefinition).values(**care))
    rows |= _bulk(canary)
    objects: dict[str, Any] = {
        argument: session.execute(insert(model).values(**values).returning(model.id)).scalar_one()
        for argument, (model, values) in rows.items()
    }
    kind = define_metaobject(session, EntryTypeDraft(canary, canary))
    objects |= {"metaobject_definition_id": kind, "metaobject_type": canary, "metaobject_handle": handle}
    objects["metaobject_id"] = save_entry(session, read_entry_type(session, kind), EntryDraft(canary, handle))
    objects["import_id"] = _import(session, store, canary)
    # A job of the dashboard's addresses is an import or an export: both shops' first ones have one number.
    objects["job_id"] = objects["import_id"]
    made = issue_card(session, NewCard(amount=100, currency="USD", recipient={"name": canary}), "staff:1")
    objects["gift_card_id"] = made and made[0]
    objects["discount_id"] = make_discount(session, canary)
    objects["price_list_id"] = save_price_list(session, PriceListDraft(name=canary, tags=[canary]))
    objects |= {"product_id": product, "resource_id": product, "variant_id": variant_id, "location_id": cellar}
    objects["search_rule_id"] = save_rule(session, RuleDraft(canary, pinned=(product,)))
    objects["theme_id"] = add_work(session, canary, Work("bazaar"), actor="staff:1")
    publish_theme(session, objects["theme_id"])
    objects["publication_id"] = list_publications(session)[0].id
    objects["search_test_id"] = add_search_test(session, canary, product)
    objects["transfer_id"] = create_transfer(session, None, cellar, {variant_id: 3}, actor="staff:1", reference=canary)
    objects["count_id"] = open_count(session, cellar, actor="staff:1", name=canary)
    return objects, {
        "storefront.product": handle,
        "storefront.collection": handle,
        "storefront.page": handle,
        "storefront.article": handle,
    }


def _left_checkout(store: Store, canary: str) -> tuple[int, str]:
    """Leave a checkout, with the link that brings it back."""
    token = ready_checkout(store.scope, [(store.variants["Oak Bowl"][0], 1)])
    with transaction(store.scope) as session:
        left = update(Checkout).where(Checkout.token == token)
        told = left.values(email=f"{canary}@example.com", updated_at=clock.now() - timedelta(days=1))
        checkout_id = session.execute(told.returning(Checkout.id)).scalar_one()
    return checkout_id, sign(store.scope.tenant_id, checkout_id)


def _order_papers(session: Session, order_id: int, canary: str) -> dict[str, int]:
    """Make a return, a draft and an invoice: what a shop writes about orders."""
    line_id = session.execute(select(OrderLine.id).where(OrderLine.order_id == order_id)).scalar_one()
    line = {"line_id": line_id, "quantity": 1, "reason": "other"}
    asked = insert(OrderChange).values(
        order_id=order_id, kind="return", status="requested", content={"lines": [line]}, note=canary
    )
    return_id = session.execute(asked.returning(OrderChange.id)).scalar_one()
    draft_id = create_draft(session, "USD", "staff:1", {"email": f"{canary}@example.com", "note": canary})
    document_id = issue_invoice(session, order_id, "staff:1")
    parcel = insert(Fulfillment).values(order_id=order_id, status="shipped", tracking_number=canary)
    parcel_id = session.execute(parcel.returning(Fulfillment.id)).scalar_one()
    return {
        "fulfillment_id": parcel_id,
        "line_id": line_id,
        "return_id": return_id,
        "draft_id": draft_id,
        "document_id": document_id,
    }


def _bulk(canary: str) -> dict[str, tuple[Any, dict[str, Any]]]:
    return {
        "export_id": (ExportJob, {"format": "jsonl", "filename": f"{canary}.jsonl", "filters": {"query": canary}}),
        "mapping_id": (ImportMapping, {"fingerprint": canary, "name": canary, "columns": [canary], "mapping": {}}),
        "category_id": (Category, {"handle": canary, "name": canary, "path": [canary]}),
    }


def _import(session: Session, store: Store, canary: str) -> int:
    """Upload a file as the dashboard does and let a check refuse its only product."""
    lines = f"Handle,Title,Variant Price\n{canary},{canary},much\n".encode()
    upload = store_upload(media_storage(config()), store.scope.tenant_id, io.BytesIO(lines), f"{canary}.csv")
    job_id = create_import(session, upload, mapping_for(session, upload), "staff:1")
    refused = {"job_id": job_id, "number": 1, "line": 2, "last_line": 2, "handle": canary, "action": "refused"}
    session.execute(insert(ImportRow).values(**refused, reasons=[{"line": 2, "column": "Title", "text": canary}]))
    session.execute(update(ImportJob).where(ImportJob.id == job_id).values(status="checked", refused=1))
    return job_id


def _secrets(session: Session, customer_id: int) -> dict[str, str]:
    tokens = {kind: new_token() for kind in ("password_reset", "email_proof")}
    for kind, token in tokens.items():
        _token(session, customer_id, kind, token)
    return tokens


def _token(session: Session, customer_id: int, kind: str, token: str) -> int:
    now = clock.now()
    row = insert(CustomerToken).values(
        customer_id=customer_id,
        kind=kind,
        token_hash=hash_token(token),
        last_seen_at=now,
        expires_at=now.replace(year=2099),
    )
    return session.execute(row.returning(CustomerToken.id)).scalar_one()


def _staff(app: Flask, store: Store, canary: str) -> tuple[FlaskClient, int, str, str]:
    email = f"{canary}@example.com"
    with transaction(control_scope()) as session:
        staff_id = create_staff(session, email, canary, PASSWORD)
        add_membership(session, staff_id, store.scope.tenant_id, "owner")
        slug = shops_of(session, staff_id)[0].slug
    return sign_in_staff(app, email), staff_id, slug, new_token()


def _webhook(store: Store, canary: str) -> dict[str, int]:
    """Make a webhook with a failed delivery: their tables are those of the pod, which all of its shops share."""
    with transaction(pod_scope(store.scope.pod)) as session:
        hook = insert(WebhookEndpoint).values(
            tenant_id=store.scope.tenant_id, url=f"https://{canary}.example/", topics=["order.placed"]
        )
        webhook_id = session.execute(hook.returning(WebhookEndpoint.id)).scalar_one()
        event = insert(OutboxEvent).values(tenant_id=store.scope.tenant_id, name="order.placed", subject_id=1)
        delivery = insert(Delivery).values(
            outbox_id=session.execute(event.returning(OutboxEvent.id)).scalar_one(),
            tenant_id=store.scope.tenant_id,
            consumer=f"webhook-{webhook_id}",
            status="failed",
        )
        delivery_id = session.execute(delivery.returning(Delivery.id)).scalar_one()
    return {"webhook_id": webhook_id, "delivery_id": delivery_id}


def _sold_file(session: Session, order_id: int, product_id: int, canary: str) -> dict[str, int]:
    """Let the order have a file that was downloaded once."""
    own = {"filename": canary, "storage_key": canary, "parts": 1, "byte_size": 1}
    file = insert(DigitalFile).values(product_id=product_id, **own)
    file_id = session.execute(file.returning(DigitalFile.id)).scalar_one()
    line_id = session.execute(select(OrderLine.id).where(OrderLine.order_id == order_id)).scalar_one()
    row = insert(Download).values(
        order_id=order_id, order_line_id=line_id, file_id=file_id, token=new_token(), used=1, most=5,
        expires_at=clock.now().replace(year=2099), **own,
    )  # fmt: skip
    return {"file_id": file_id, "download_id": session.execute(row.returning(Download.id)).scalar_one()}


def _picture(store: Store, canary: str) -> dict[str, Any]:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(data, "PNG")
    kept = keep_image(media_storage(config()), store.scope.tenant_id, data.getvalue(), f"{canary}.png")
    with transaction(store.scope) as session:
        media_id = record_image(session, kept).id
    return {"key": kept.storage_key, "media_id": media_id}
