"""The whole application, for the messages that providers send to it."""

from __future__ import annotations

from tests.fixtures.apps import app, other_store, store

__all__ = ["app", "other_store", "store"]
