"""The floor: a bare Flask application on the same server and database, measured in the same run."""

from __future__ import annotations

import os

import psycopg
from flask import Flask, render_template_string

ROWS = 24
_TEMPLATE = """<!doctype html><html><head><title>Bare</title></head><body><main><ul>
{% for row in rows %}<li class="card"><a href="/products/{{ row[1] }}"><h3>{{ row[1] }}</h3><p>{{ row[2] }}</p>
<p class="price">{{ row[3] }}</p>{{ filler }}</a></li>{% endfor %}</ul></main></body></html>"""
# 24 of these and the markup around them make a page of about 26 KB.
_FILLER = "<!-- " + "a product card has markup, pictures and prices; " * 20 + "-->"
_connection: psycopg.Connection | None = None

app = Flask(__name__)


def connection() -> psycopg.Connection:
    """Return this process's one connection."""
    global _connection  # noqa: PLW0603 - a benchmark's process has one connection
    if _connection is None:
        _connection = psycopg.connect(os.environ["BARE_DATABASE_URL"], autocommit=True)
    return _connection


@app.get("/hello")
def hello() -> str:
    return "hello"


@app.get("/list")
def listing() -> str:
    rows = connection().execute("SELECT id, handle, title, price FROM bare_products ORDER BY id LIMIT 24").fetchall()
    return render_template_string(_TEMPLATE, rows=rows, filler=_FILLER)


def prepare(dsn: str) -> None:
    """Make the one table that the bare application reads."""
    with psycopg.connect(dsn, autocommit=True) as admin:
        admin.execute("CREATE TABLE IF NOT EXISTS public.bare_products (id int, handle text, title text, price int)")
        admin.execute("TRUNCATE public.bare_products")
        for number in range(ROWS):
            values = (number, f"product-{number}", f"A product of the floor {number}", number * 100)
            admin.execute("INSERT INTO public.bare_products VALUES (%s, %s, %s, %s)", values)
