"""What the cache and a view tell each other: which address may be kept, and what its page was made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from souk.web.cookies import CUSTOMER
from souk.web.hosts import placement_of
from souk.web.language_prefix import PREFIX
from souk.web.market_cookie import remembered_market

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

KEY = "souk.page_cache.ticket"
# Only addresses whose parameters are known are kept: a stranger must not fill the cache with invented ones.
_KNOWN = frozenset(["page", "sort_by", "variant"])
_TRACKING = frozenset(["fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid", "ref", "igshid"])
_NEVER = (
    "/cart", "/checkout", "/account", "/search", "/media/", "/theme/", "/api/", "/admin/", "/webhooks/", "/healthz",
    "/readyz", "/orders/",
)  # fmt: skip
MAX_QUERY = 300


@dataclass(slots=True)
class Ticket:
    """`keys` is set by the view when its page may be kept."""

    pod: str
    tenant_id: int
    address: str
    keys: frozenset[str] | None = None


def ticket_of(environ: WSGIEnvironment) -> Ticket | None:
    """Return a ticket for an anonymous GET or HEAD of a page, else None.

    Whoever is signed in has none: prices of a customer group never meet a shared page.
    """
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or CUSTOMER in environ.get("HTTP_COOKIE", ""):
        return None
    path = environ.get("PATH_INFO", "/")
    shop = None if path.startswith(_NEVER) else placement_of(environ).shop
    if shop is None or shop.status != "active" or not shop.is_primary or shop.lock:
        return None
    query = environ.get("QUERY_STRING", "")
    address = path if not query else _normal(path, query)
    # With the host: pages name it in their canonical address, and a shop may move to another domain.
    return (
        None if address is None else Ticket(shop.scope.pod, shop.scope.tenant_id, _place(shop.host, environ) + address)
    )


def _place(host: str, environ: WSGIEnvironment) -> str:
    """Return what the address stands under: whoever sees other prices or another language has pages of their own."""
    market = remembered_market(environ)
    return f"{host}{f' {market} ' if market else ''}{environ.get(PREFIX, '')}"


def _normal(path: str, query: str) -> str | None:
    if len(query) > MAX_QUERY:
        return None
    pairs = without_tracking(parse_qsl(query, keep_blank_values=True))
    if any(name not in _KNOWN and not name.startswith("filter.") for name, _ in pairs):
        return None
    return f"{path}?{urlencode(pairs)}" if pairs else path


def without_tracking(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Drop what advertisers append: pages neither read it nor repeat it in their links."""
    return [pair for pair in pairs if pair[0] not in _TRACKING and not pair[0].startswith("utm_")]


def keep(environ: dict[str, Any], keys: Iterable[str]) -> None:
    """Let the page of this request be kept until one of `keys` is purged; a no-op where no cache is before us."""
    ticket = environ.get(KEY)
    if ticket is not None:
        ticket.keys = frozenset(keys)
