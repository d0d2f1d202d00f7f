"""A small Meilisearch on a real port: it keeps state, works off its tasks only when asked about them, and
refuses with the real error codes what the real server refuses: a wrong key, unknown routes and parameters,
filters and sorts on attributes that the settings do not allow.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.search.meilisearch_ranking import BadFilter, Document, holds, matches, order

KEY = "master key of the tests"
MOMENT = "2027-01-01T00:00:00.000001Z"
SEARCH_KEYS = {
    "indexUid", "q", "filter", "attributesToRetrieve", "page", "hitsPerPage", "limit", "offset", "facets", "sort",
    "matchingStrategy",
}  # fmt: skip
DEFAULTS: dict[str, Any] = {
    "searchableAttributes": ["*"],
    "filterableAttributes": [],
    "sortableAttributes": [],
    "rankingRules": ["words", "typo", "proximity", "attribute", "sort", "exactness"],
    "typoTolerance": {"disableOnAttributes": []},
    "pagination": {"maxTotalHits": 1000},
    "faceting": {"maxValuesPerFacet": 100},
    "synonyms": {},
    "stopWords": [],
}


class Refused(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


class Index:
    def __init__(self) -> None:
        self.settings = dict(DEFAULTS)
        self.documents: dict[int, Document] = {}


class Double:
    """`down` makes every answer a 503."""

    def __init__(self) -> None:
        self.indexes: dict[str, Index] = {}
        self.tasks: list[dict[str, Any]] = []
        self.work: dict[int, Callable[[], None]] = {}
        self.lock = threading.Lock()
        self.down = False
        self.url = ""

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Double]:
        double = cls()
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(double))
        double.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield double
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def admit(self, path: str, authorization: str | None) -> None:
        if self.down:
            raise Refused(503, "unavailable")
        if path != "/health" and authorization != f"Bearer {KEY}":
            raise Refused(403, "invalid_api_key")

    def answer(self, method: str, target: str, body: Any) -> tuple[int, Any]:
        parts = urlsplit(target)
        for pattern, verb, action in _ROUTES:
            match = re.fullmatch(pattern, parts.path)
            if match and verb == method:
                return action(self, match.groups(), body, {k: v[0] for k, v in parse_qs(parts.query).items()})
        raise Refused(404, "not_found")

    def index(self, uid: str) -> Index:
        if uid not in self.indexes:
            raise Refused(404, "index_not_found")
        return self.indexes[uid]

    def enqueue(self, uid: str | None, kind: str, effect: Callable[[], None]) -> tuple[int, Any]:
        number = len(self.tasks)
        self.tasks.append({"uid": number, "indexUid": uid, "status": "enqueued", "type": kind, "enqueuedAt": MOMENT})
        self.work[number] = effect
        return 202, {"taskUid": number, "indexUid": uid, "status": "enqueued", "type": kind, "enqueuedAt": MOMENT}

    def run(self, last: int) -> dict[str, Any]:
        """Work off the queue in its order up to the task that was asked about."""
        for number in sorted(key for key in self.work if key <= last):
            task = self.tasks[number] | {"startedAt": MOMENT, "finishedAt": MOMENT, "status": "succeeded"}
            try:
                self.work.pop(number)()
            except Refused as refused:
                error = {"message": refused.code, "code": refused.code, "type": "invalid_request", "link": ""}
                task |= {"status": "failed", "error": error}
            self.tasks[number] = task
        return self.tasks[last]


Groups = tuple[str, ...]
Parameters = dict[str, str]


def _health(double: Double, groups: Groups, body: Any, query: Parameters) -> tuple[int, Any]:
    return 200, {"status": "available"}


def _task(double: Double, groups: Groups, body: Any, query: Parameters) -> tuple[int, Any]:
    if int(groups[0]) >= len(double.tasks):
        raise Refused(404, "task_not_found")
    return 200, double.run(int(groups[0]))


def _create(double: Double, groups: Groups, body: Any, query: Parameters) -> tuple[int, Any]:
    _only(body, {"uid", "primaryKey"})
    if not re.fullmatch(r"[a-zA-Z0-9_-]{1,400}", body["uid"]):
        raise Refused(400, "invalid_index_uid")

    def effect() -> None:
        if body["uid"] in double.indexes:
            raise Refused(409, "index_already_exists")
        double.indexes[body["uid"]] = Index()

    return double.enqueue(body["uid"], "indexCreation", effect)


def _delete_index(double: Double, groups: Groups, body: Any, query: Parameters) -> tuple[int, Any]:
    def effect() -> None:
        double.index(groups[0])
        del double.indexes[groups[0]]

    return double.enqueue(groups[0], "indexDeletion", effect)


def _settings(double: Double, groups: Groups, body: Any, query: Parameters) -> tuple[int, Any]:
    _only(body, set(DEFAULTS))
    return double.enqueue(groups[0], "settingsUpdate", lambda: double.index(groups[0]).settings.update(body))


def _add(double: Double, groups: Groups, body: Any, query: Parameters) -> tuple[int, Any]:
    _only(query, {"primaryKey"})

    def effect() -> None:
        # The real server makes a missing index at the first document.
        index = double.indexes.setdefault(groups[0], Index())
        for document in body:
            index.documents[document["id"]] = document

    return double.enqueue(groups[0], "documentAdditionOrUpdate", effect)


def _delete_some(double: Double, groups: Groups, body: Any, query: Parameters) -> tuple[int, Any]:
    _only(body, {"filter"})

    def effect() -> None:
        index = double.index(groups[0])
        for document in _filtered(index, body["filter"]):
            del index.documents[document["id"]]

    return double.enqueue(groups[0], "documentDeletion", effect)


def _fetch(double: Double, groups: Groups, body: Any, query: Parameters) -> tuple[int, Any]:
    asked: dict[str, Any] = body or query
    _only(asked, {"filter", "fields", "limit", "offset"})
    index = double.index(groups[0])
    found = sorted(_filtered(index, asked.get("filter")), key=lambda document: int(document["id"]))
    offset, limit = int(asked.get("offset", 0)), int(asked.get("limit", 20))
    fields = asked.get("fields")
    names = fields.split(",") if isinstance(fields, str) else fields
    page = [_shown(document, names) for document in found[offset : offset + limit]]
    return 200, {"results": page, "offset": offset, "limit": limit, "total": len(found)}


def _swap(double: Double, groups: Groups, body: Any, query: Parameters) -> tuple[int, Any]:
    def effect() -> None:
        for pair in body:
            one, other = pair["indexes"]
            first, second = double.index(one), double.index(other)
            double.indexes[one], double.indexes[other] = second, first

    return double.enqueue(None, "indexSwap", effect)


def _multi_search(double: Double, groups: Groups, body: Any, query: Parameters) -> tuple[int, Any]:
    _only(body, {"queries", "federation"})
    return 200, {"results": [_search_one(double.index(each["indexUid"]), each) for each in body["queries"]]}


def _search(double: Double, groups: Groups, body: Any, query: Parameters) -> tuple[int, Any]:
    return 200, _search_one(double.index(groups[0]), body)


def _search_one(index: Index, asked: dict[str, Any]) -> dict[str, Any]:
    _only(asked, SEARCH_KEYS)
    settings = index.settings
    for rule in asked.get("sort", []):
        if rule.split(":")[0] not in settings["sortableAttributes"]:
            raise Refused(400, "invalid_search_sort")
    strategy = asked.get("matchingStrategy", "last")
    ranked = [
        (each, matches(each, asked.get("q", ""), settings, strategy)) for each in _filtered(index, asked.get("filter"))
    ]
    hits = order([(each, rank) for each, rank in ranked if rank is not None], settings, asked.get("sort", []))
    return _page(hits[: settings["pagination"]["maxTotalHits"]], asked) | _facets(hits, asked, settings)


def _page(hits: list[Document], asked: dict[str, Any]) -> dict[str, Any]:
    names = asked.get("attributesToRetrieve")
    if "page" not in asked:
        start, limit = asked.get("offset", 0), asked.get("limit", 20)
        window = hits[start : start + limit]
        return {"hits": [_shown(each, names) for each in window], "estimatedTotalHits": len(hits)}
    size = asked["hitsPerPage"]
    start = (asked["page"] - 1) * size
    return {"hits": [_shown(each, names) for each in hits[start : start + size]], "totalHits": len(hits)}


def _facets(hits: list[Document], asked: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    if "facets" not in asked:
        return {}
    counted: dict[str, dict[str, int]] = {}
    stats: dict[str, dict[str, Any]] = {}
    for name in asked["facets"]:
        if name not in settings["filterableAttributes"]:
            raise Refused(400, "invalid_search_facets")
        values = [value for each in hits for value in _as_list(each.get(name))]
        labels = [json.dumps(value) if isinstance(value, bool) else str(value) for value in values]
        counted[name] = {label: labels.count(label) for label in labels}
        numbers = [value for value in values if isinstance(value, int) and not isinstance(value, bool)]
        if numbers:
            stats[name] = {"min": float(min(numbers)), "max": float(max(numbers))}
    return {"facetDistribution": counted, "facetStats": stats}


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _filtered(index: Index, conditions: Any) -> list[Document]:
    wanted = [conditions] if isinstance(conditions, str) else conditions or []
    filterable = index.settings["filterableAttributes"]
    try:
        return [each for each in index.documents.values() if all(holds(one, each, filterable) for one in wanted)]
    except BadFilter as error:
        raise Refused(400, "invalid_search_filter") from error


def _shown(document: Document, names: list[str] | None) -> Document:
    return {name: value for name, value in document.items() if names is None or name in names}


def _only(body: Any, allowed: set[str]) -> None:
    if not isinstance(body, dict) or set(body) - allowed:
        raise Refused(400, "bad_request")


Action = Callable[[Double, Groups, Any, Parameters], tuple[int, Any]]
_ROUTES: list[tuple[str, str, Action]] = [
    ("/health", "GET", _health),
    (r"/tasks/(\d+)", "GET", _task),
    ("/indexes", "POST", _create),
    ("/indexes/([^/]+)", "DELETE", _delete_index),
    ("/indexes/([^/]+)/settings", "PATCH", _settings),
    ("/indexes/([^/]+)/documents", "POST", _add),
    ("/indexes/([^/]+)/documents", "GET", _fetch),
    ("/indexes/([^/]+)/documents/fetch", "POST", _fetch),
    ("/indexes/([^/]+)/documents/delete", "POST", _delete_some),
    ("/indexes/([^/]+)/search", "POST", _search),
    ("/multi-search", "POST", _multi_search),
    ("/swap-indexes", "POST", _swap),
]


def _handler(double: Double) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            raw = self.rfile.read(length)
            status, answer = self._decided(json.loads(raw) if raw else None)
            payload = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def _decided(self, body: Any) -> tuple[int, Any]:
            try:
                double.admit(self.path, self.headers.get("Authorization"))
                with double.lock:
                    return double.answer(self.command, self.path, body)
            except Refused as refused:
                code = refused.code
                return refused.status, {"message": code, "code": code, "type": "invalid_request", "link": "https://x"}

        do_GET = do_POST = do_PATCH = do_DELETE = _answer  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Keep the tests' output clean."""

    return Handler
