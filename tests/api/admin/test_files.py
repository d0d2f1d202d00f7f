"""Imports and exports through the admin API."""

from __future__ import annotations

from typing import Any

import pytest

from souk.catalog.exporting.run import run_export
from souk.catalog.importing.run import run_import
from souk.kernel.config import config
from souk.media.configured import media_storage
from tests.api.admin.apps import App

# The barcode passes the check digit of cards, as one in ten does.
LINES = "Handle,Title,Price,Barcode\nmug,Tin Mug,7.50,4000000000006\njar,Tin Jar,many,\n"
FIELDS = {"Handle": "handle", "Title": "title", "Price": "price", "Barcode": "barcode"}
FILE = {"filename": "goods.csv", "content": LINES, "fields": FIELDS}


def started(admin: App, **values: Any) -> dict[str, Any]:
    status, job = admin.post("/imports", FILE | values)
    assert status == 201
    return dict(job)


def worked(admin: App, job: dict[str, Any]) -> dict[str, Any]:
    """Let the worker do the step, and read the job again."""
    run_import(admin.store.scope, media_storage(config()), int(job["id"].partition("_")[2]))
    return dict(admin.get(f"/imports/{job['id']}")[1])


def test_a_file_is_checked_applied_and_undone(admin: App, other_admin: App) -> None:
    job = started(admin)
    path = f"/imports/{job['id']}"

    checked = worked(admin, job)

    assert (job["status"], job["format"], job["columns"]) == ("checking", "csv", list(FIELDS))
    assert (checked["status"], checked["created"], checked["refused"], checked["percent"]) == ("checked", 1, 1, 100)
    assert admin.get("/products?handle=mug")[1]["products"] == []
    refused = admin.get(f"{path}/rows?action=refused")[1]["rows"]
    assert [(one["handle"], one["line"], one["reasons"][0]["column"]) for one in refused] == [("jar", 3, "Price")]
    assert admin.post(f"{path}/steps", {"step": "apply"})[1]["status"] == "applying"
    assert worked(admin, job)["status"] == "applied"
    made = admin.get("/products?handle=mug")[1]["products"][0]
    assert (made["title"], made["variants"][0]["barcode"]) == ("Tin Mug", "4000000000006")
    assert admin.get("/imports?limit=1")[1]["imports"][0]["id"] == job["id"]
    assert other_admin.get("/imports") == (200, {"imports": [], "next_cursor": None})
    for answer in (
        other_admin.get(path),
        other_admin.get(f"{path}/rows"),
        other_admin.post(f"{path}/steps", {"step": "undo"}),
    ):
        assert answer[0] == 404
    admin.post(f"{path}/steps", {"step": "undo"})
    assert worked(admin, job)["status"] == "undone"
    assert admin.get("/products?handle=mug")[1]["products"] == []


def test_the_rows_of_a_file_come_in_pages(admin: App) -> None:
    job = worked(admin, started(admin))

    first = admin.get(f"/imports/{job['id']}/rows?limit=1")[1]
    second = admin.get(f"/imports/{job['id']}/rows?limit=1&after={first['next_cursor']}")[1]

    assert [one["number"] for page in (first, second) for one in page["rows"]] == [1, 2]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"content": "Handle,Title\n"}, "file_unreadable"),
        ({"fields": {"Handle": "nothing"}}, "bad_mapping"),
        ({"step": "undo"}, "invalid_fields"),
        ({"content": "a\0b"}, "unstorable_text"),
    ],
)
def test_a_bad_file_is_422_and_makes_no_job(admin: App, values: dict[str, Any], code: str) -> None:
    before = admin.get("/imports")

    status, problem = admin.post("/imports", FILE | values)

    assert (status, problem["code"]) == (422, code)
    assert admin.get("/imports") == before


def test_a_step_that_does_not_fit_is_409(admin: App) -> None:
    job = worked(admin, started(admin))

    assert admin.post(f"/imports/{job['id']}/steps", {"step": "undo"})[0] == 409
    assert admin.get(f"/imports/{job['id']}")[1] == job


def test_an_export_is_asked_for_followed_and_fetched(admin: App, other_admin: App) -> None:
    status, job = admin.post("/exports", {"format": "jsonl", "vendor": "Grove"})
    path = f"/exports/{job['id']}"
    early = admin.send("GET", f"{path}/file")

    run_export(admin.store.scope, media_storage(config()), int(job["id"].partition("_")[2]))

    done = admin.get(path)[1]
    file = admin.send("GET", f"{path}/file")
    assert (status, job["status"], early.status_code) == (201, "queued", 409)
    assert (done["status"], done["exported"]) == ("done", 1)
    assert (file.status_code, file.mimetype) == (200, "application/x-ndjson")
    assert "Oak Bowl" in file.get_data(as_text=True)
    assert len(file.get_data()) == done["byte_size"]
    assert admin.get("/exports")[1]["exports"][0] == done
    assert other_admin.get("/exports") == (200, {"exports": [], "next_cursor": None})
    assert (other_admin.get(path)[0], other_admin.get(f"{path}/file")[0]) == (404, 404)
