"""A stand-in for js.stripe.com and Stripe's own pages, so that a browser can drive a payment. For tests only."""

from __future__ import annotations

import http.server
import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from tests.doubles.stripe import hosted, money

if TYPE_CHECKING:
    from tests.doubles.stripe.server import StripeDouble

# The part of Stripe.js that our module uses. The card stays in a frame of the double's own origin.
SCRIPT = """
(() => {
  const origin = new URL(document.currentScript.src).origin;
  const ask = async (path, fields) => {
    const answer = await fetch(origin + path, { method: "POST", body: new URLSearchParams(fields) });
    return answer.json();
  };
  // The Express Checkout Element with one wallet, whose buyer agrees to the first rate.
  const wallet = (ask, settings) => {
    const heard = {};
    const person = { name: "Wally Wallet", email: "wally@example.com" };
    const address = { line1: "2 Pay Street", city: "Springfield", state: "IL", postal_code: "62701", country: "US" };
    const answered = (name, event) => new Promise((resolve, reject) => heard[name]({ ...event, resolve, reject }));
    const use = async () => {
      const { shippingRates } = await answered("click", {});
      let shippingRate;
      if (shippingRates) {
        // A wallet tells the place first, and the street once the buyer has agreed.
        const { city, state, postal_code, country } = address;
        ({ shippingRates: [shippingRate] } = await answered("shippingaddresschange",
          { address: { city, state, postal_code, country } }));
      }
      const billingDetails = { ...person, address }, shippingAddress = { name: person.name, address };
      document.title = "wallet " + settings().amount;
      heard.confirm({ billingDetails, shippingAddress, shippingRate });
    };
    return {
      on(name, hear) { heard[name] = hear; },
      mount(box) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = "Double Pay";
        button.onclick = use;
        box.append(button);
        heard.ready({ availablePaymentMethods: { applePay: true } });
      },
    };
  };
  window.Stripe = (key, options = {}) => ({
    elements(settings) {
      let frame = null;
      return {
        settings,
        update(now) { Object.assign(settings, now); },
        create: (kind) => kind === "expressCheckout" ? wallet(ask, () => settings) : ({
          mount(box) {
            frame = document.createElement("iframe");
            frame.src = origin + "/js/element";
            frame.title = "Secure payment input frame";
            frame.setAttribute("height", "60");
            box.append(frame);
          },
        }),
        async submit() {
          if (!frame) {
            this.card = (await ask("/js/handles", { number: "4242424242424242" })).handle;
            return {};
          }
          this.card = await new Promise((resolve) => {
            const hear = ({ source, data }) => {
              if (source !== frame.contentWindow) return;
              removeEventListener("message", hear);
              resolve(data.handle);
            };
            addEventListener("message", hear);
            frame.contentWindow.postMessage("tokenize", origin);
          });
          return this.card ? {} : { error: { message: "Your card number is incomplete." } };
        },
      };
    },
    async createConfirmationToken({ elements }) {
      return { confirmationToken: await ask("/js/confirmation_tokens", { handle: elements.card }) };
    },
    handleNextAction({ clientSecret }) {
      const frame = document.createElement("iframe");
      frame.src = origin + "/js/challenge?secret=" + clientSecret;
      frame.title = "3D Secure challenge";
      frame.setAttribute("height", "140");
      document.querySelector("main").append(frame);
      return new Promise((resolve) => {
        addEventListener("message", ({ source, data }) => {
          if (source !== frame.contentWindow) return;
          frame.remove();
          resolve(data);
        });
      });
    },
  });
})();
"""
ELEMENT = """<!doctype html><title>Card</title>
<label>Card number <input name=number autocomplete=cc-number></label><script>
addEventListener("message", async ({ source, origin }) => {
  const number = document.querySelector("input").value.replaceAll(" ", "");
  if (number.length < 16) return source.postMessage({ handle: "" }, origin);
  const answer = await fetch("/js/handles", { method: "POST", body: new URLSearchParams({ number }) });
  source.postMessage(await answer.json(), origin);
});
</script>"""
CHALLENGE = """<!doctype html><title>Bank</title><p>Your bank asks: was this you?</p>
<button value=yes>Complete</button> <button value=no>Fail</button><script>
document.addEventListener("click", async ({ target }) => {
  if (!target.value) return;
  const secret = new URLSearchParams(location.search).get("secret");
  await fetch("/js/challenge", { method: "POST", body: new URLSearchParams({ secret, approve: target.value }) });
  parent.postMessage({ done: true }, "*");
});
</script>"""
PAY = """<!doctype html><title>Pay</title><form method=post><button>Pay now</button></form>"""


def serve(handler: http.server.BaseHTTPRequestHandler, double: StripeDouble, body: str) -> None:
    """Answer one request of a browser."""
    path = urlsplit(handler.path).path
    form = {name: values[0] for name, values in parse_qs(body).items()}
    if handler.command == "GET" and path in _PAGES:
        text, kind = _PAGES[path]
        send(handler, 200, text.encode(), kind)
    elif path.startswith("/pay/"):
        _hosted_page(handler, double, path.removeprefix("/pay/"))
    elif handler.command == "POST" and path in _POSTS:
        with double.store.lock:
            answer = _POSTS[path](double, form)
        send(handler, 200, json.dumps(answer).encode(), "application/json")
    else:
        send(handler, 404, b"", "text/plain")


def send(handler: http.server.BaseHTTPRequestHandler, status: int, body: bytes, kind: str, **headers: str) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    handler.send_header("Access-Control-Allow-Origin", "*")
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def _hosted_page(handler: http.server.BaseHTTPRequestHandler, double: StripeDouble, session_id: str) -> None:
    session = double.store.things[session_id]
    if handler.command == "GET":
        send(handler, 200, PAY.encode(), "text/html")
        return
    with double.store.lock:
        hosted.pay_session(double.store, session)
    send(handler, 303, b"", "text/plain", Location=session["success_url"])


def _handle(double: StripeDouble, form: dict[str, str]) -> dict[str, str]:
    return {"handle": double.store.make("hdl", "handle", _card=form["number"])["id"]}


def _token(double: StripeDouble, form: dict[str, str]) -> dict[str, str]:
    card = double.store.things[form["handle"]]["_card"]
    return {"id": double.store.make("ctoken", "confirmation_token", _card=card, _used=False)["id"]}


def _challenge(double: StripeDouble, form: dict[str, str]) -> dict[str, str]:
    intent = double.store.things[form["secret"].partition("_secret")[0]]
    if intent["status"] == "requires_action" and form["approve"] == "yes":
        money.pay(double.store, intent)
    elif intent["status"] == "requires_action":
        money.decline(double.store, intent, "authentication")
    return {"status": intent["status"]}


_PAGES = {
    "/js/v3": (SCRIPT, "text/javascript"),
    "/js/element": (ELEMENT, "text/html"),
    "/js/challenge": (CHALLENGE, "text/html"),
}
_POSTS = {"/js/handles": _handle, "/js/confirmation_tokens": _token, "/js/challenge": _challenge}
