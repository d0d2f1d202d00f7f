"""Note where pictures lie; a job of the media domain fetches them, and the product stands without them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from souk.catalog.importing.snapshot import OWN
from souk.kernel import clock

if TYPE_CHECKING:
    from souk.catalog.importing.write import Change

_ASK = text("""
INSERT INTO media_fetches AS f (product_id, url, alt, position, variant_ids, next_attempt_at, created_at, updated_at)
SELECT g.product_id, g.url, g.alt, g.position, CAST(g.variant_ids AS bigint[]), :now, :now, :now
FROM unnest(CAST(:products AS bigint[]), CAST(:urls AS text[]), CAST(:alts AS text[]), CAST(:positions AS bigint[]),
            CAST(:variants AS text[])) AS g(product_id, url, alt, position, variant_ids)
ON CONFLICT (product_id, url) DO UPDATE
SET alt = excluded.alt, variant_ids = excluded.variant_ids, updated_at = excluded.updated_at
""")
_DESCRIBE = text("""
UPDATE product_media pm SET alt = g.alt
FROM unnest(CAST(:products AS bigint[]), CAST(:urls AS text[]), CAST(:alts AS text[])) AS g(product_id, url, alt),
  media m LEFT JOIN media_fetches f ON f.media_id = m.id
WHERE m.id = pm.media_id AND pm.product_id = g.product_id AND pm.alt <> g.alt
  AND (f.product_id = g.product_id AND f.url = g.url OR g.url = :own || m.storage_key)
""")
_SHOW = text("""
UPDATE variants v SET media_id = m.id
FROM unnest(CAST(:ids AS bigint[]), CAST(:keys AS text[])) AS g(id, storage_key) JOIN media m USING (storage_key)
WHERE v.id = g.id
""")
_FORGET = text("""
DELETE FROM media_fetches f
USING unnest(CAST(:products AS bigint[]), CAST(:urls AS text[])) AS g(product_id, url)
WHERE f.product_id = g.product_id AND f.url = g.url
RETURNING f.product_id, f.media_id
""")
_TAKE_DOWN = text("""
DELETE FROM product_media pm
USING unnest(CAST(:products AS bigint[]), CAST(:media AS bigint[])) AS g(product_id, media_id)
WHERE pm.product_id = g.product_id AND pm.media_id = g.media_id
""")


def write_pictures(session: Session, changes: Sequence[Change]) -> None:
    """Ask for pictures that are new, describe those that are there, and drop those that `after` has no more."""
    wanted: list[tuple[int, str, str, int, str]] = []
    shown: list[tuple[int, str]] = []
    gone: list[tuple[int, str]] = []
    for change in changes:
        wanted += _wanted(change)
        shown += [
            (variant.id or 0, variant.picture.removeprefix(OWN))
            for variant in change.after.variants
            if variant.picture.startswith(OWN) and variant.picture not in _pictures_of_variants(change, variant.id)
        ]
        if change.before is not None:
            left = {url for url, _ in change.after.pictures} | {each.picture for each in change.after.variants}
            gone += [(change.after.id or 0, url) for url, _ in change.before.pictures if url not in left]
    if gone:
        _forget(session, gone)
    if wanted:
        _ask(session, wanted)
    if shown:
        session.execute(_SHOW, {"ids": [each[0] for each in shown], "keys": [each[1] for each in shown]})


def _pictures_of_variants(change: Change, variant_id: int | None) -> set[str]:
    return {each.picture for each in change.before.variants if each.id == variant_id} if change.before else set()


def _wanted(change: Change) -> list[tuple[int, str, str, int, str]]:
    before = dict(change.before.pictures) if change.before else {}
    pictures = dict(change.after.pictures)
    variants: dict[str, list[int]] = {}
    fresh = set()
    for variant in change.after.variants:
        if variant.picture and not variant.picture.startswith(OWN):
            variants.setdefault(variant.picture, []).append(variant.id or 0)
            pictures.setdefault(variant.picture, "")
            if variant.picture not in _pictures_of_variants(change, variant.id):
                fresh.add(variant.picture)
    return [
        (change.after.id or 0, url, alt, position, "{" + ",".join(map(str, variants.get(url, ()))) + "}")
        for position, (url, alt) in enumerate(pictures.items(), 1)
        if url in fresh or before.get(url) != alt
    ]


def _ask(session: Session, wanted: Sequence[tuple[int, str, str, int, str]]) -> None:
    products, urls, alts, positions, variants = (list(column) for column in zip(*wanted, strict=True))
    named: dict[str, Any] = {"products": products, "urls": urls, "alts": alts}
    own = [index for index, url in enumerate(urls) if str(url).startswith(OWN)]
    session.execute(_DESCRIBE, {**named, "own": OWN})
    others = [index for index in range(len(urls)) if index not in set(own)]
    if others:
        columns = {"products": products, "urls": urls, "alts": alts, "positions": positions, "variants": variants}
        chosen = {name: [column[index] for index in others] for name, column in columns.items()}
        session.execute(_ASK, {**chosen, "now": clock.now()})


def _forget(session: Session, gone: Sequence[tuple[int, str]]) -> None:
    values = {"products": [each[0] for each in gone], "urls": [each[1] for each in gone]}
    fetched = [row for row in session.execute(_FORGET, values) if row.media_id is not None]
    if fetched:
        taken = {"products": [row.product_id for row in fetched], "media": [row.media_id for row in fetched]}
        session.execute(_TAKE_DOWN, taken)
