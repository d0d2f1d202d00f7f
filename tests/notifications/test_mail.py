"""Mails: composed with escaping, stored once, sent once, tried again."""

from __future__ import annotations

import socket
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text

from souk.customers.password_reset import request_password_reset
from souk.kernel import clock
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.outbox import AlreadyDelivered, Job, publish
from souk.kernel.tenancy import TenantScope, pod_scope
from souk.notifications.consume import deliver_mail
from souk.notifications.errors import BadSmtpUrl, MailRefused, MailServerDown
from souk.notifications.own_texts import read_unsent, set_sending
from souk.notifications.stored import list_mails, read_mail
from souk.notifications.transport import FolderTransport, SmtpTransport
from souk.orders.models import Fulfillment, FulfillmentLine, Order, OrderChange, OrderLine
from tests.factories.customers import make_guest


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Recorder:
    """A transport that keeps what it gets and fails as it is told."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.sent: list[EmailMessage] = []

    def send(self, message: EmailMessage, key: str) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message)


ADDRESS = {"name": "Ada <b>", "line1": "1 Main", "line2": "", "city": "Ulm", "state": "", "postal_code": "89073"}


def make_order(scope: TenantScope, number: int, **changes: Any) -> int:
    order = {
        "number": number,
        "name": f"#{number}",
        "token": f"token-{number}",
        "email": "ada@example.com",
        "currency": "EUR",
        "locale": "de-DE",
        "prices_include_tax": True,
        "subtotal": 123456,
        "shipping_total": 500,
        "included_tax_total": 19711,
        "total": 123956,
        "shipping_address": ADDRESS | {"country": "DE", "phone": ""},
        "billing_address": {},
        "shipping_line": {"title": "Parcel"},
        "payment_provider": "test",
        "placed_at": clock.now(),
    }
    line = {"title": "<script>Lamp</script>", "quantity": 2, "unit_price": 61728, "subtotal": 123456}
    with transaction(scope) as session:
        order_id = session.execute(insert(Order).values(order | changes).returning(Order.id)).scalar_one()
        session.execute(insert(OrderLine).values(order_id=order_id, **line))
    return int(order_id)


def make_job(scope: TenantScope, event: Event) -> Job:
    with transaction(scope) as session:
        publish(session, event)
    with transaction(pod_scope(scope.pod)) as session:
        delivery_id = session.execute(
            text(
                "INSERT INTO pod.deliveries (outbox_id, tenant_id, consumer, next_attempt_at)"
                " SELECT max(id), :tenant, 'mail', now() FROM pod.outbox RETURNING id"
            ),
            {"tenant": scope.tenant_id},
        ).scalar_one()
    return Job(delivery_id, scope, event)


def parts(message: EmailMessage) -> tuple[str, str]:
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    return plain.get_content(), html.get_content()


def test_a_confirmation_tells_the_order_in_its_locale_and_escapes(shop: TenantScope) -> None:
    order_id = make_order(shop, 5001)
    recorder = Recorder()

    deliver_mail(make_job(shop, Event("order.placed", order_id)), recorder)

    message = recorder.sent[0]
    plain, html = parts(message)
    assert (message["To"], message["Subject"]) == ("ada@example.com", "Bestellung #5001 bestätigt")
    assert "Zwischensumme: 1.234,56" in plain
    assert "1.239,56" in plain
    assert '<html lang="de" dir="ltr">' in html
    assert "<script>Lamp</script>" in plain
    assert "&lt;script&gt;Lamp&lt;/script&gt;" in html
    assert "<script>" not in html
    assert "/orders/token-5001" in plain


def test_a_repeated_job_sends_nothing_more(shop: TenantScope) -> None:
    job = make_job(shop, Event("order.placed", make_order(shop, 5002)))
    recorder = Recorder()
    deliver_mail(job, recorder)

    with pytest.raises(AlreadyDelivered):
        deliver_mail(job, recorder)

    assert len(recorder.sent) == 1


def test_a_server_that_is_down_leaves_the_mail_for_the_next_attempt(shop: TenantScope) -> None:
    order_id = make_order(shop, 5003)
    job = make_job(shop, Event("order.placed", order_id))
    recorder = Recorder(MailServerDown("ConnectionRefusedError"))
    with pytest.raises(MailServerDown):
        deliver_mail(job, recorder)
    with transaction(shop, read_only=True) as session:
        waiting = list_mails(session, order_id=order_id)[0]

    deliver_mail(job, recorder)

    with transaction(shop, read_only=True) as session:
        ended = list_mails(session, order_id=order_id)[0]
    assert [(mail.status, mail.attempts) for mail in waiting] == [("queued", 1)]
    assert [(mail.status, mail.attempts) for mail in ended] == [("sent", 2)]
    assert len(recorder.sent) == 1


def test_a_refused_mail_is_given_up(shop: TenantScope) -> None:
    order_id = make_order(shop, 5004)
    recorder = Recorder(MailRefused("550 no such user"))

    deliver_mail(make_job(shop, Event("order.placed", order_id)), recorder)

    with transaction(shop, read_only=True) as session:
        assert [mail.status for mail in list_mails(session, order_id=order_id)[0]] == ["failed"]


def test_a_shipping_mail_has_the_tracking_and_no_dangerous_link(shop: TenantScope) -> None:
    order_id = make_order(shop, 5005)
    with transaction(shop) as session:
        parcel = {"tracking_company": "DHL", "tracking_number": "JD014", "tracking_url": "javascript:alert(1)"}
        row = insert(Fulfillment).values(order_id=order_id, status="shipped", **parcel).returning(Fulfillment.id)
        fulfillment_id = session.execute(row).scalar_one()
        line_id = session.execute(
            text("SELECT id FROM order_lines WHERE order_id = :id"), {"id": order_id}
        ).scalar_one()
        session.execute(
            insert(FulfillmentLine).values(fulfillment_id=fulfillment_id, order_line_id=line_id, quantity=1)
        )
    recorder = Recorder()

    deliver_mail(make_job(shop, Event("fulfillment.created", fulfillment_id, {"order_id": order_id})), recorder)

    plain, html = parts(recorder.sent[0])
    assert "DHL: JD014" in plain
    assert "1 x <script>Lamp</script>" in plain
    assert "javascript:" not in html

    arrived = Event("fulfillment.delivered", fulfillment_id, {"order_id": order_id})
    with transaction(shop) as session:
        set_sending(session, "order_delivered", wanted=False)
        # A mail that a buyer needs cannot be left out.
        set_sending(session, "order_placed", wanted=False)
        assert read_unsent(session) == {"order_delivered"}
    deliver_mail(make_job(shop, arrived), recorder)
    assert len(recorder.sent) == 1
    with transaction(shop) as session:
        set_sending(session, "order_delivered", wanted=True)
    deliver_mail(make_job(shop, arrived), recorder)
    plain, _ = parts(recorder.sent[1])
    assert recorder.sent[1]["Subject"] == "Bestellung #5005 wurde zugestellt"
    assert "1 x <script>Lamp</script>" in plain


def test_an_edit_for_which_no_money_moves_tells_of_no_difference(shop: TenantScope) -> None:
    order_id, recorder = make_order(shop, 5105), Recorder()
    for number, told in enumerate(
        [
            {"difference": 0, "to_collect": 0, "returned": 0},  # the replacement of a claim
            {"difference": 0, "to_collect": 900, "returned": 0},  # the same, of an order that is not paid yet
            {"difference": 900, "to_collect": 900, "returned": 0},
            {"difference": -900, "to_collect": 0, "returned": 900},
        ]
    ):
        event = Event("order.edited", order_id, told | {"currency": "EUR", "token": f"edit-{number}"})
        deliver_mail(make_job(shop, event), recorder)

    told_of = ["Unterschied" in parts(mail)[0] for mail in recorder.sent]
    assert told_of == [False, False, True, True]


def test_who_claims_is_not_told_to_send_anything_back(shop: TenantScope) -> None:
    order_id, recorder = make_order(shop, 5106), Recorder()
    for kind in ("return", "claim"):
        row = insert(OrderChange).values(
            order_id=order_id, kind=kind, status="approved", content={"lines": []}, actor="staff:1",
            created_at=clock.now(), updated_at=clock.now(),
        )  # fmt: skip
        with transaction(shop) as session:
            change_id = session.execute(row.returning(OrderChange.id)).scalar_one()
        deliver_mail(make_job(shop, Event("return.approved", change_id, {"order_id": order_id, "note": ""})), recorder)

    assert [mail["Subject"] for mail in recorder.sent] == [
        "Ihre Rückgabe zu Bestellung #5106 ist genehmigt", "Ihre Reklamation zur Bestellung #5106",
    ]  # fmt: skip


def test_a_reset_link_is_mailed_and_never_kept(shop: TenantScope) -> None:
    with transaction(shop) as session:
        customer_id = make_guest(session, "reset-mail@example.com")
        request_password_reset(session, "reset-mail@example.com")
    event = Event("customer.password_reset_requested", customer_id, {"token": "the-secret"})
    recorder = Recorder()

    deliver_mail(make_job(shop, event), recorder)

    with transaction(shop, read_only=True) as session:
        kept = session.execute(
            text("SELECT id, text_body || html_body FROM mail_messages WHERE recipient = 'reset-mail@example.com'")
        ).one()
        shown = read_mail(session, kept[0])
    assert "/account/reset/the-secret" in parts(recorder.sent[0])[0]
    assert "the-secret" not in kept[1]
    assert shown is not None
    assert shown.html_body == ""


def test_an_order_that_is_gone_gets_no_mail(shop: TenantScope) -> None:
    recorder = Recorder()

    deliver_mail(make_job(shop, Event("order.placed", 999_999)), recorder)

    assert recorder.sent == []


def test_another_shop_sees_no_mail(shop: TenantScope, other_shop: TenantScope) -> None:
    deliver_mail(make_job(shop, Event("order.placed", make_order(shop, 5006))), Recorder())

    with transaction(other_shop, read_only=True) as session:
        assert list_mails(session) == ([], 0)


def test_a_name_cannot_add_a_header(shop: TenantScope) -> None:
    order_id = make_order(shop, 5007, name="#5007\r\nBcc: thief@example.com")
    recorder = Recorder()

    deliver_mail(make_job(shop, Event("order.placed", order_id)), recorder)

    assert recorder.sent[0]["Bcc"] is None
    assert recorder.sent[0]["Subject"] == "Bestellung #5007 Bcc: thief@example.com bestätigt"


def test_the_folder_holds_one_file_for_one_key(tmp_path: Path) -> None:
    transport = FolderTransport(tmp_path / "mail")
    message = EmailMessage()
    message["Subject"] = "Hello"
    message.set_content("Grüße")

    transport.send(message, "key-1")
    transport.send(message, "key-1")
    transport.send(message, "key-2")

    files = sorted((tmp_path / "mail").iterdir())
    assert [file.suffix for file in files] == [".eml", ".eml"]
    read = message_from_bytes(files[0].read_bytes(), policy=policy.default)
    assert read.get_content() == "Grüße\n"


def test_an_smtp_server_takes_a_mail_refuses_one_and_is_away(platform: None) -> None:
    from aiosmtpd.controller import Controller
    from aiosmtpd.handlers import Sink

    class Handler(Sink):
        def __init__(self) -> None:
            super().__init__()
            self.taken: list[bytes] = []

        async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
            if address.startswith("refused"):
                return "550 no such user"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
            self.taken.append(envelope.content)
            return "250 OK"

    handler = Handler()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    transport = SmtpTransport(f"smtp://127.0.0.1:{controller.port}")
    message = EmailMessage()
    message["From"], message["To"] = config().mail_from, "ada@example.com"
    message.set_content("Hello")
    refused = EmailMessage()
    refused["From"], refused["To"] = config().mail_from, "refused@example.com"
    refused.set_content("Hello")

    try:
        transport.send(message, "key")
        with pytest.raises(MailRefused):
            transport.send(refused, "key")
    finally:
        controller.stop()

    assert len(handler.taken) == 1
    with pytest.raises(MailServerDown):
        transport.send(message, "key")
    with pytest.raises(BadSmtpUrl):
        SmtpTransport("http://mail.example.com")
