"""Meilisearch by its official client: one index for each tenant."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from meilisearch import Client
from meilisearch.errors import MeilisearchApiError, MeilisearchError
from meilisearch.models.task import TaskInfo
from requests import RequestException

from souk.search.engine import Facet, FacetValue, ProductDocument, Searching, SearchQuery, SearchResults, Tuning
from souk.search.errors import SearchIndexMissing, SearchUnavailable
from souk.search_engines.facet_values import by_count, price_range, rating_steps, split_options
from souk.search_engines.keys import folded
from souk.search_engines.meilisearch_documents import settings_for, to_meilisearch
from souk.search_engines.meilisearch_query import (
    chosen_facets,
    facet_query,
    page_query,
    raised_page,
    raised_queries,
)

TIMEOUT_SECONDS = 2
# Indexing is a queue on their side; a worker waits for its turn, so that a refused batch is tried again.
TASK_TIMEOUT_MS = 45_000
TASK_INTERVAL_MS = 20
BATCH = 1_000
SUGGESTION_HITS = 50
_MISSING = "index_not_found"
_WORD = re.compile(r"[^\W_]+")


class MeilisearchEngine:
    """The index's uid is the tenant key, below which a rebuild makes `<key>-<random>` and swaps."""

    def __init__(self, url: str, key: str) -> None:
        self._client = Client(url, key, timeout=TIMEOUT_SECONDS)

    def index(self, tenant_key: str, documents: Sequence[ProductDocument]) -> None:
        """Add what is newer. Two writers of one product in the same moment are not told apart: the server has
        no conditional write; each reads the database just before, so that both hold the newest rows.
        """
        newest: dict[int, ProductDocument] = {}
        for document in sorted(documents, key=lambda each: each.version):
            newest[document.id] = document
        with _answering(tenant_key):
            known = self._versions(tenant_key, list(newest))
            wanted = [each for each in newest.values() if each.version >= known.get(each.id, 0)]
            self._add(tenant_key, [to_meilisearch(each) for each in wanted])

    def _versions(self, uid: str, ids: list[int]) -> dict[int, int]:
        asked = {"filter": _among(ids or [0]), "fields": ["id", "version"], "limit": BATCH}
        found: dict[int, int] = {}
        for offset in range(0, max(len(ids), 1), BATCH):
            page = self._client.index(uid).get_documents({**asked, "offset": offset})
            found |= {each.id: each.version for each in page.results}
        return found

    def _add(self, uid: str, documents: list[dict[str, Any]]) -> None:
        for start in range(0, len(documents), BATCH):
            self._finish(uid, self._client.index(uid).add_documents(documents[start : start + BATCH], "id"))

    def remove(self, tenant_key: str, ids: Sequence[int]) -> None:
        if not ids:
            return
        with _answering(tenant_key):
            task = self._client.index(tenant_key).delete_documents(filter=_among(ids))
            self._finish(tenant_key, task, missing_is_fine=True)

    def search(self, tenant_key: str, query: SearchQuery) -> SearchResults:
        # Without a letter or digit Meilisearch would show everything.
        if query.text.strip() and not _WORD.search(query.text):
            return SearchResults((), 0)
        return self._search(tenant_key, tenant_key, query)

    def _search(self, tenant_key: str, uid: str, query: SearchQuery) -> SearchResults:
        raised = query.sort == "relevance" and bool(query.pinned or query.boosted)
        pages = raised_queries(uid, query) if raised else [page_query(uid, query)]
        chosen = chosen_facets(query)
        with _answering(tenant_key):
            answers = self._client.multi_search([*pages, *(facet_query(uid, query, name) for name in chosen)])
        results: list[dict[str, Any]] = answers["results"]
        page, counted = results[0], results[len(pages) :]
        found = _facets(query, page, dict(zip(chosen, counted, strict=True)))
        if raised:
            ids, total = raised_page(query, results[: len(pages)])
            return SearchResults(ids, total, found)
        return SearchResults(tuple(hit["id"] for hit in page["hits"]), page["totalHits"], found)

    def suggest(self, tenant_key: str, text: str, limit: int) -> tuple[str, ...]:
        words = _WORD.findall(folded(text))
        asked = {
            "limit": SUGGESTION_HITS,
            "matchingStrategy": "all",
            "attributesToRetrieve": ["title", "brand", "category_names", "tags"],
        }
        if not words or limit < 1:
            return ()
        with _answering(tenant_key):
            hits = self._client.index(tenant_key).search(" ".join(words), asked)["hits"]
        counts = Counter(word for hit in hits for word in _words_of(hit) if word.startswith(words[-1]))
        ranked = sorted(counts, key=lambda word: (-counts[word], word))
        return tuple(" ".join((*words[:-1], word)) for word in ranked[:limit])

    def rebuild(
        self,
        tenant_key: str,
        batches: Iterable[Sequence[ProductDocument]],
        tuning: Tuning = Tuning(),  # noqa: B008 - frozen
        accept: Callable[[Searching], None] | None = None,
        recipe: str = "",  # noqa: ARG002 - every build begins anew, see `begun`
    ) -> int:
        aside, count = f"{tenant_key}-{secrets.token_hex(4)}", 0
        try:
            with _answering(tenant_key):
                self._create(aside, tuning)
                for batch in batches:
                    self._add(aside, [to_meilisearch(each) for each in batch])
                    count += len(batch)
                if accept is not None:
                    accept(lambda query: self._search(tenant_key, aside, query))
                self._swap(tenant_key, aside)
        finally:
            with _answering(tenant_key):
                self._finish(tenant_key, self._client.delete_index(aside), missing_is_fine=True)
        return count

    def begun(self, tenant_key: str, recipe: str) -> tuple[int, int]:  # noqa: ARG002 - the Protocol's
        """Return zeros: two builds of one shop may run at once here, and a build does not know its own dead ones."""
        return 0, 0

    def _create(self, uid: str, tuning: Tuning) -> None:
        self._finish(uid, self._client.create_index(uid, {"primaryKey": "id"}))
        self._finish(uid, self._client.index(uid).update_settings(settings_for(tuning)))

    def versions(self, tenant_key: str, first: int, last: int) -> dict[int, int]:
        found: dict[int, int] = {}
        asked = {"filter": f"id >= {first} AND id <= {last}", "fields": ["id", "version"], "limit": BATCH}
        with _answering(tenant_key):
            while page := self._client.index(tenant_key).get_documents({**asked, "offset": len(found)}).results:
                found |= {each.id: each.version for each in page}
        return found

    def _swap(self, live: str, aside: str) -> None:
        # The server swaps only indexes that exist.
        created = self._client.create_index(live, {"primaryKey": "id"})
        self._finish(live, created, existing_is_fine=True)
        self._finish(live, self._client.swap_indexes([{"indexes": [live, aside]}]))
        self._carry_over(live, aside)

    def _carry_over(self, live: str, aside: str) -> None:
        """Keep what was indexed into the old index while the new one was being built."""
        old, offset = self._client.index(aside), 0
        while page := old.get_documents({"limit": BATCH, "offset": offset, "fields": ["id", "version"]}).results:
            known = self._versions(live, [each.id for each in page])
            newer = [each.id for each in page if each.id in known and each.version > known[each.id]]
            if newer:
                asked = {"filter": _among(newer), "limit": BATCH}
                self._add(live, [dict(each) for each in old.get_documents(asked).results])
            offset += BATCH

    def drop(self, tenant_key: str) -> None:
        with _answering(tenant_key):
            self._finish(tenant_key, self._client.delete_index(tenant_key), missing_is_fine=True)

    def ping(self) -> None:
        with _answering(""):
            self._client.health()

    def _finish(
        self, uid: str, task: TaskInfo, *, missing_is_fine: bool = False, existing_is_fine: bool = False
    ) -> None:
        done = self._client.wait_for_task(task.task_uid, TASK_TIMEOUT_MS, TASK_INTERVAL_MS)
        if done.status == "succeeded":
            return
        error = done.error or {}
        fine = {_MISSING: missing_is_fine, "index_already_exists": existing_is_fine}
        if fine.get(error.get("code", "")):
            return
        if error.get("code") == _MISSING:
            raise SearchIndexMissing(uid)
        raise SearchUnavailable(error.get("message", f"task {done.status}"))


@contextmanager
def _answering(tenant_key: str) -> Iterator[None]:
    try:
        yield
    except MeilisearchApiError as error:
        if error.code == _MISSING:
            raise SearchIndexMissing(tenant_key) from error
        raise SearchUnavailable(error.message) from error
    except (MeilisearchError, RequestException) as error:
        raise SearchUnavailable(str(error)) from error


def _among(ids: Sequence[int]) -> str:
    return f"id IN [{', '.join(map(str, ids))}]"


def _words_of(hit: dict[str, Any]) -> set[str]:
    parts = (hit["title"], hit["brand"] or "", *hit["category_names"], *hit["tags"])
    return set(_WORD.findall(folded(" ".join(parts))))


def _facets(query: SearchQuery, page: dict[str, Any], counted: dict[str, dict[str, Any]]) -> tuple[Facet, ...]:
    found: list[Facet] = []
    for name in query.facets:
        if name == "options":
            found.extend(_options(page, counted))
        else:
            found.append(Facet(name, tuple(_values(name, counted.get(name, page)))))
    return tuple(found)


def _options(page: dict[str, Any], counted: dict[str, dict[str, Any]]) -> list[Facet]:
    by_name = split_options(by_count(page["facetDistribution"].get("option", {})))
    for key, answer in counted.items():
        if key.startswith("option."):
            name = key.removeprefix("option.")
            by_name[name] = split_options(by_count(answer["facetDistribution"].get("option", {}))).get(name, [])
    return [Facet(f"option.{name}", tuple(values)) for name, values in sorted(by_name.items()) if values]


def _values(name: str, answer: dict[str, Any]) -> list[FacetValue]:
    if name == "price":
        stats = answer.get("facetStats", {}).get("price", {})
        return price_range(stats.get("min"), stats.get("max"))
    counts: dict[str, int] = answer["facetDistribution"].get(name, {})
    if name == "rating":
        return rating_steps({int(float(rating)): count for rating, count in counts.items()})
    return by_count(counts)
