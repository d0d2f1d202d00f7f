"""Find where the shop shows a picture now, in words that a merchant knows.

What was sold or published before keeps its copy: the sweep spares a file as long as any row has its key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

# Tables and columns with a foreign key on pictures that keeps a picture; a test compares them with the catalogue.
BY_NUMBER = {"product_media": "media_id", "variants": "media_id", "collections": "media_id", "articles": "media_id"}


@dataclass(frozen=True, slots=True)
class Use:
    """`kind` is the thing's name in a sentence, such as `the product`; `title` is what the merchant calls it."""

    kind: str
    title: str

    def __str__(self) -> str:
        return f"{self.kind} “{self.title}”" if self.title else self.kind


# A picture stands in texts and settings by its key, in metafields by its number. UNION says each thing once.
_FIELD = r"""
UNION SELECT m.id, 'the product', p.title FROM m
  JOIN metafield_definitions d ON d.type IN ('file_reference', 'list.file_reference') AND d.owner_type = '{owner}'
  JOIN {table} o ON jsonb_path_exists(
    o.metafields -> (d.namespace || '.' || d.key), 'lax $[*] ? (@ == $n)', jsonb_build_object('n', m.id))
  JOIN products p ON p.id = o.{product}"""
_IN_FIELDS = (
    _FIELD.format(owner="product", table="products", product="id"),
    _FIELD.format(owner="variant", table="variants", product="product_id"),
    _FIELD.format(owner="collection", table="collections", product="id").replace("products p", "collections p")
    .replace("the product", "the collection"),
    r"""
UNION SELECT m.id, 'the entry', e.title FROM m
  CROSS JOIN metaobject_definitions d CROSS JOIN jsonb_array_elements(d.fields) f
  JOIN metaobjects e ON e.definition_id = d.id AND f->>'type' IN ('file_reference', 'list.file_reference')
    AND jsonb_path_exists(
      e.metafields -> (f->>'key'), 'lax $[*] ? (@ == $n)', jsonb_build_object('n', m.id))
UNION SELECT m.id, 'the entry', e.title FROM m JOIN metaobjects e ON e.metafields::text LIKE m.inside""",
)  # fmt: skip
_USES = text(rf"""
WITH m AS (SELECT id, storage_key, '%' || storage_key || '%' AS inside FROM media WHERE id = ANY(:ids))
SELECT m.id, 'the product' AS kind, p.title FROM m JOIN product_media x ON x.media_id = m.id
  JOIN products p ON p.id = x.product_id
UNION SELECT m.id, 'the product', p.title FROM m
  JOIN variants v ON v.media_id = m.id JOIN products p ON p.id = v.product_id
UNION SELECT m.id, 'the product', p.title FROM m JOIN products p ON p.description_html LIKE m.inside
UNION SELECT m.id, 'the collection', c.title FROM m
  JOIN collections c ON c.media_id = m.id OR c.description_html LIKE m.inside
UNION SELECT m.id, 'the post', a.title FROM m JOIN articles a ON a.media_id = m.id OR a.content_html LIKE m.inside
UNION SELECT m.id, 'the page', p.title FROM m JOIN pages p ON p.content_html LIKE m.inside
UNION SELECT m.id, 'the theme', t.name FROM m JOIN themes t ON concat(t.settings, t.templates, t.draft) LIKE m.inside
UNION SELECT m.id, 'the settings of the shop', '' FROM m JOIN settings s ON s.value::text LIKE m.inside
{"".join(_IN_FIELDS)}
ORDER BY id, kind, title
""")  # noqa: S608 - put together from words of this module


def uses_of(session: Session, media_ids: Collection[int]) -> Mapping[int, Sequence[Use]]:
    """Return where each of these pictures is used; what is used nowhere is not among the keys."""
    found: dict[int, list[Use]] = defaultdict(list)
    for row in session.execute(_USES, {"ids": list(media_ids)}):
        found[row.id].append(Use(row.kind, row.title))
    return found
