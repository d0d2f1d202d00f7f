"""The embedded engine: in process, one index on disk for each tenant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tantivy import Query

from souk.search.engine import ProductDocument, SearchQuery, SearchResults
from souk.search_engines.tantivy_facets import facets
from souk.search_engines.tantivy_pages import page_of
from souk.search_engines.tantivy_query import filters, narrowed, plan_text
from souk.search_engines.tantivy_schema import schema, to_tantivy
from souk.search_engines.tantivy_store import Store
from souk.search_engines.tantivy_words import completions


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

    def _versions(self, tenant_key: str, ids: list[int]) -> dict[int, int]:
        searcher = self._store.reader(tenant_key).searcher
        if not ids:
            return {}
        found = searcher.search(Query.term_set_query(schema(), "id", ids), len(ids)).hits
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
        reader = self._store.reader(tenant_key)
        plan = plan_text(reader, query.text)
        ids, total = page_of(reader.searcher, query, narrowed(plan.query, filters(query)))
        found = facets(reader.searcher, query, plan.query) if query.facets else ()
        return SearchResults(ids, total, found, (plan.spelling,) if plan.spelling else ())

    def suggest(self, tenant_key: str, text: str, limit: int) -> tuple[str, ...]:
        return completions(self._store.reader(tenant_key), text, limit)

    def rebuild(self, tenant_key: str, batches: Iterable[Sequence[ProductDocument]]) -> int:
        count = 0
        with self._store.locked(tenant_key), self._store.next_generation(tenant_key) as writer:
            for batch in batches:
                for document in batch:
                    writer.add_document(to_tantivy(document))
                count += len(batch)
        return count

    def drop(self, tenant_key: str) -> None:
        if self._store.exists(tenant_key):
            with self._store.locked(tenant_key):
                self._store.drop(tenant_key)

    def ping(self) -> None:
        self._store.ping()
