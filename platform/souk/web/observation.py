"""Give each request an id, bind it to the logs, and count what was answered how fast."""

from __future__ import annotations

import os
import re
import time
from ipaddress import ip_address

import structlog
from flask import Flask, Response, abort, g, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from structlog.contextvars import bind_contextvars, clear_contextvars

from souk.kernel.tokens import new_token
from souk.web.surfaces import UNKNOWN

log = structlog.get_logger(__name__)
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
REQUESTS = Counter("souk_requests_total", "Answered requests.", ["surface", "endpoint", "status"])
SECONDS = Histogram(
    "souk_request_seconds",
    "Time to answer.",
    ["surface", "endpoint"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
)


def init_observation(app: Flask) -> None:
    """Install request ids, access logs and metrics; register it first, so that its clock spans everything."""
    app.before_request(_begin)
    app.after_request(_end)
    # A scraper asks the process by its address; what comes through the proxy has a host name.
    app.add_url_rule("/metrics", "metrics", metrics, subdomain=UNKNOWN)


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _ID.fullmatch(given) else new_token()[:16]
    g.started = time.perf_counter()
    clear_contextvars()
    bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    seconds = time.perf_counter() - g.get("started", time.perf_counter())
    surface, shop = g.get("surface", UNKNOWN), g.get("shop")
    endpoint = request.endpoint or "none"
    REQUESTS.labels(surface, endpoint, response.status_code).inc()
    SECONDS.labels(surface, endpoint).observe(seconds)
    response.headers["X-Request-Id"] = g.get("request_id", "")
    log.debug(
        "request",
        tenant_id=shop.scope.tenant_id if shop else None,
        method=request.method,
        path=request.path,
        status=response.status_code,
        milliseconds=round(seconds * 1000, 1),
    )
    return response


def metrics() -> Response:
    try:
        ip_address(request.host.partition(":")[0])
    except ValueError:
        abort(404)
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
