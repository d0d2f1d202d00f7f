"""The double's HTTP: keys, idempotency, strict parameters, and faults on demand."""

from __future__ import annotations

import http.server
import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import stripe

from tests.doubles.stripe import page
from tests.doubles.stripe.parameters import TYPES, parse, unknown
from tests.doubles.stripe.routes import Asked, perform
from tests.doubles.stripe.store import Refused, Store, Thing

KEY = "sk_test_double"
PUBLISHABLE = "pk_test_double"
Message = tuple[dict[str, str], bytes]


@dataclass
class Faults:
    """`lose`: how many coming changes are made and not answered; `lose_rate` and `delay` (seconds) hold for all."""

    lose: int = 0
    lose_rate: float = 0.0
    delay: float = 0.0
    random: random.Random = field(default_factory=lambda: random.Random(7))

    def loses(self) -> bool:
        if self.lose:
            self.lose -= 1
            return True
        return self.random.random() < self.lose_rate


@dataclass
class StripeDouble:
    """`asked` holds (method, path) of every request; `refused` what was wrong with parameters."""

    url: str
    store: Store = field(default_factory=Store)
    faults: Faults = field(default_factory=Faults)
    keys: set[str] = field(default_factory=lambda: {KEY})
    asked: list[tuple[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def intent(self, key: str) -> Thing | None:
        """Return the intent of one of our keys, the one that was paid when there are several."""
        with self.store.lock:
            found = [one for one in self.store.of("payment_intent") if one["metadata"].get("souk_key") == key]
        return next((one for one in found if one["latest_charge"]), next(iter(found), None))

    def moved(self, key: str) -> tuple[int, int]:
        """Return (captured, refunded) of all charges under one of our keys."""
        with self.store.lock:
            charges = [one for one in self.store.of("charge") if one["metadata"].get("souk_key") == key]
        return sum(one["amount_captured"] for one in charges), sum(one["amount_refunded"] for one in charges)

    @staticmethod
    def signed(event: Thing, secret: str) -> Message:
        """Return the headers and body of an event's message."""
        body = json.dumps(event)
        return {"stripe-signature": stripe.WebhookSignature.generate_signature_header(body, secret)}, body.encode()

    def answer(self, method: str, target: str, headers: Any, body: str) -> tuple[int, Thing]:
        """Work on one request as Stripe would."""
        parts = urlsplit(target)
        path = parts.path.removeprefix("/v1/")
        self.asked.append((method, path))
        account = headers.get("Stripe-Account") or ""
        try:
            self._authenticate(headers.get("Authorization", ""))
            params = parse(parts.query if method == "GET" else body)
            asked = Asked(method, path, params, account, self.url)
            self._check(asked)
            with self.store.lock:
                return self._once(asked, headers.get("Idempotency-Key") if method == "POST" else None, body)
        except Refused as refused:
            return refused.status, {"error": refused.error}

    def _authenticate(self, given: str) -> None:
        if given.removeprefix("Bearer ") not in self.keys:
            raise Refused("api_key_invalid", "Invalid API Key provided.", status=401)

    def _check(self, asked: Asked) -> None:
        kind = TYPES.get((asked.method, asked.shape))
        if kind is None:
            raise Refused("url_invalid", f"Unrecognized request URL ({asked.method}: {asked.path}).", status=404)
        wrong = list(unknown(kind, asked.params))
        if wrong:
            self.refused += wrong
            raise Refused("parameter_unknown", "; ".join(wrong))

    def _once(self, asked: Asked, key: str | None, body: str) -> tuple[int, Thing]:
        if key is None:
            return 200, perform(self.store, asked)
        known = self.store.answers.get((asked.account, key))
        mark = f"{asked.path} {body}"
        if known is not None:
            if known[0] != mark:
                message = "Keys can only be used with the same parameters."
                raise Refused("idempotency_key_in_use", message, kind="idempotency_error")
            return known[1], known[2]
        try:
            status, thing = 200, perform(self.store, asked)
        except Refused as refused:
            status, thing = refused.status, {"error": refused.error}
        self.store.answers[asked.account, key] = (mark, status, json.loads(json.dumps(thing)))
        return status, thing


@contextmanager
def stripe_double() -> Iterator[StripeDouble]:
    """Run the double on a free port of this machine until the block ends."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            if not self.path.startswith("/v1/"):
                page.serve(self, double, body)
                return
            status, thing = double.answer(self.command, self.path, self.headers, body)
            time.sleep(double.faults.delay)
            if self.command == "POST" and double.faults.loses():
                # Done, and nobody hears of it.
                self.close_connection = True
                return
            page.send(self, status, json.dumps(thing).encode(), "application/json")

        do_GET = do_POST = do_DELETE = do_OPTIONS = _serve  # noqa: N815 - the library's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    double = StripeDouble(f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield double
    server.shutdown()
    server.server_close()
