"""The embedded engine: in process, one index on disk for each tenant."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from pathlib import Path

from tantivy import FieldType, Query

from souk.search.engine import ProductDocument, Searching, SearchQuery, SearchResults, Tuning
from souk.search_engines.tantivy_completion import completions
from souk.search_engines.tantivy_facets import facets
from souk.search_engines.tantivy_pages import page_of
from souk.search_engines.tantivy_query import arranged, filters, narrowed
from souk.search_engines.tantivy_reader import Reader
from souk.search_engines.tantivy_schema import schema, to_tantivy
from souk.search_engines.tantivy_store import Store
from souk.search_engines.tantivy_text import plan_text


class TantivyEngine:
    """Readers and writers may be different processes: the files are all they share."""

    def __init__(self, root: Path) -> None:
        self._store = Store(root)

    def index(self, tenant_key: str, documents: Sequence[ProductDocument]) -> None:
        with self._store.locked(tenant_key):
            newest = self._newer_than_indexed(tenant_key, documents)
            if not newest:
                return
            with self._store.writer(tenant_key) as writer:
                for document in newest:
                    writer.delete_documents_by_term("id", document.id)
                    writer.add_document(to_tantivy(document))

    def _newer_than_indexed(self, tenant_key: str, documents: Sequence[ProductDocument]) -> list[ProductDocument]:
        newest: dict[int, ProductDocument] = {}
        for document in sorted(documents, key=lambda each: each.version):
            newest[document.id] = document
        known = self._versions(tenant_key, list(newest))
        return [each for each in newest.values() if each.version >= known.get(each.id, 0)]

    def versions(self, tenant_key: str, first: int, last: int) -> dict[int, int]:
        return self._versions_of(tenant_key, Query.range_query(schema(), "id", FieldType.Integer, first, last))

    def _versions(self, tenant_key: str, ids: list[int]) -> dict[int, int]:
        if not ids:
            self._store.reader(tenant_key)
            return {}
        return self._versions_of(tenant_key, Query.term_set_query(schema(), "id", ids))

    def _versions_of(self, tenant_key: str, wanted: Query) -> dict[int, int]:
        searcher = self._store.reader(tenant_key).searcher
        found = searcher.search(wanted, max(searcher.num_docs, 1)).hits
        addresses = [address for _, address in found]
        numbers = (searcher.fast_field_values(name, addresses) for name in ("id", "version"))
        return {int(key or 0): int(version or 0) for key, version in zip(*numbers, strict=True)}

    def remove(self, tenant_key: str, ids: Sequence[int]) -> None:
        with self._store.locked(tenant_key):
            if not ids or not self._store.exists(tenant_key):
                return
            with self._store.writer(tenant_key) as writer:
                for each in ids:
                    writer.delete_documents_by_term("id", each)

    def search(self, tenant_key: str, query: SearchQuery) -> SearchResults:
        return answer(self._store.reader(tenant_key), query)

    def suggest(self, tenant_key: str, text: str, limit: int) -> tuple[str, ...]:
        return completions(self._store.reader(tenant_key), text, limit)

    def rebuild(
        self,
        tenant_key: str,
        batches: Iterable[Sequence[ProductDocument]],
        tuning: Tuning = Tuning(),  # noqa: B008 - frozen
        accept: Callable[[Searching], None] | None = None,
        recipe: str = "",
    ) -> int:
        with self._store.next_generation(tenant_key, tuning, recipe) as generation:
            count = generation.fill(batches)
            if accept is not None:
                reader = generation.reader()
                accept(lambda query: answer(reader, query))
        return count

    def begun(self, tenant_key: str, recipe: str) -> tuple[int, int]:
        generation = self._store.begun(tenant_key, recipe)
        return (generation.last, generation.count) if generation else (0, 0)

    def drop(self, tenant_key: str) -> None:
        if self._store.exists(tenant_key):
            with self._store.locked(tenant_key, "REBUILD"), self._store.locked(tenant_key):
                self._store.drop(tenant_key)

    def ping(self) -> None:
        self._store.ping()


def answer(reader: Reader, query: SearchQuery) -> SearchResults:
    """Search one open index; the same question to the same state of it is answered from memory."""
    key = _key(query)
    kept = reader.answers.get(key)
    if kept is not None:
        return kept
    plan = plan_text(reader, query.text)
    text = arranged(query, plan.query)
    ids, total = page_of(reader.searcher, query, narrowed(text, filters(query)))
    found = facets(reader.searcher, query, text) if query.facets else ()
    results = SearchResults(ids, total, found, (plan.spelling,) if plan.spelling else ())
    reader.remember(key, results)
    return results


def _key(query: SearchQuery) -> Hashable:
    options = tuple((name, tuple(values)) for name, values in query.options.items())
    return (
        query.text, query.category, query.brands, query.price_from, query.price_to, query.in_stock, query.rating_min,
        options, query.collection_id, query.sort, query.page, query.limit, query.facets, query.pinned, query.boosted,
        query.hidden,
    )  # fmt: skip
