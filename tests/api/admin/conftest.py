"""Stores for the admin API, and a token that may do everything in the first."""

from __future__ import annotations

import pytest

from tests.api.admin.apps import App
from tests.fixtures.apps import app, other_store, store
from tests.fixtures.stores import Store

__all__ = ["admin", "app", "other_admin", "other_store", "store"]


@pytest.fixture(scope="module")
def admin(store: Store) -> App:
    return App(store, "*")


@pytest.fixture(scope="module")
def other_admin(other_store: Store) -> App:
    """The app of another shop, which must see nothing of the first."""
    return App(other_store, "*")
