"""Carriers and the tax provider of a shop, read and chosen by an app."""

from __future__ import annotations

from plugins.pauses import note_failure
from tests.api.admin.apps import App
from tests.fixtures.stores import Store


def test_an_app_chooses_who_is_asked(store: Store, other_store: Store) -> None:
    app, stranger, reader = App(store, "write_settings"), App(other_store, "*"), App(store, "read_settings")
    note_failure(store.scope, "test_carrier", "rate_provider", "It gave no answer within 2 seconds.")
    rates = {"enabled": ["test_carrier"], "own_rates": "silent", "fallback_title": "Parcel", "fallback_price": 9.9}

    refused = [
        app.put("/rate_providers", {"enabled": ["test_tax"]}),
        app.put("/rate_providers", {**rates, "fallback_title": ""}),
        app.put("/tax_provider", {"provider": "test_carrier"}),
        reader.put("/tax_provider", {"provider": "test_tax"}),
    ]
    untouched = reader.get("/rate_providers")[1], reader.get("/tax_provider")[1]
    chosen = app.put("/rate_providers", rates)[1], app.put("/tax_provider", {"provider": "test_tax"})[1]

    assert [(status, answer["code"]) for status, answer in refused] == [
        (422, "unknown_provider"), (422, "carrier_settings_invalid"), (422, "unknown_provider"),
        (403, "missing_permission"),
    ]  # fmt: skip
    assert [[one["enabled"] for one in answer["providers"]] for answer in untouched] == [[False], [False]]
    assert [[one["enabled"] for one in answer["providers"]] for answer in chosen] == [[True], [True]]
    assert (reader.get("/rate_providers")[1], reader.get("/tax_provider")[1]) == chosen
    assert (chosen[0]["own_rates"], float(chosen[0]["fallback_price"]), chosen[0]["most"]) == ("silent", 9.9, None)
    assert chosen[0]["providers"][0]["last_failure"] == "It gave no answer within 2 seconds."
    theirs = stranger.get("/rate_providers")[1]
    assert (theirs["providers"][0]["enabled"], theirs["providers"][0]["last_failure"]) == (False, "")
    app.put("/rate_providers", {"enabled": []})
    app.put("/tax_provider", {"provider": None})
    assert [one["enabled"] for one in app.get("/tax_provider")[1]["providers"]] == [False]
