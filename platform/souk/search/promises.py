"""Search tests: "this query must show this product in the first five", which a new index has to pass."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.catalog.models import Product
from souk.kernel import clock
from souk.search.errors import SearchInvalid, SearchTestMissing
from souk.search.models import SearchTest
from souk.search.terms import terms_key

MOST_TESTS = 200
MOST_WITHIN = 50


def add_search_test(session: Session, terms: str, product_id: int, within: int = 5) -> int:
    """Demand that `terms` shows the product among the first `within`; returns the test's id.

    Naming the same pair again changes `within`. Raises SearchInvalid.
    """
    key = terms_key(terms)
    if not key:
        raise SearchInvalid("terms", "write the words that shoppers type.")
    if not 1 <= within <= MOST_WITHIN:
        raise SearchInvalid("within", f"choose a place from 1 to {MOST_WITHIN}.")
    if session.scalar(select(Product.id).where(Product.id == product_id)) is None:
        raise SearchInvalid("product_id", "there is no such product in this shop; it may have been deleted.")
    if (session.scalar(select(func.count(SearchTest.id))) or 0) >= MOST_TESTS:
        raise SearchInvalid("terms", f"a shop has at most {MOST_TESTS} search tests; delete one first.")
    row = insert(SearchTest).values(terms=key, product_id=product_id, within=within, created_at=clock.now())
    again = row.on_conflict_do_update(index_elements=[SearchTest.terms, SearchTest.product_id], set_={"within": within})
    return session.execute(again.returning(SearchTest.id)).scalar_one()


def delete_search_test(session: Session, test_id: int) -> None:
    """Take the test away; raises SearchTestMissing."""
    gone = delete(SearchTest).where(SearchTest.id == test_id).returning(SearchTest.id)
    if session.execute(gone).first() is None:
        raise SearchTestMissing
