"""What the demo shops write in their blogs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Post:
    """`days_ago` is when it was published, before the day of the start."""

    title: str
    excerpt: str
    content_html: str
    author: str
    tags: tuple[str, ...]
    days_ago: int


EMBER_POSTS = (
    Post(
        "How to keep cast iron for a lifetime",
        "Three minutes after supper are all that a skillet asks for.",
        "<p>A skillet that is looked after outlives its owner. Wash it while it is warm, dry it on the "
        "stove, and rub in a drop of oil until the iron looks dull again.</p><h2>When it rusts all the "
        "same</h2><p>Steel wool, hot water and an hour in the oven bring it back. Nothing that happens to"
        " cast iron is final, short of dropping it.</p>",
        "Maya, Ember & Oak",
        ("Kitchen", "Care"),
        9,
    ),
    Post(
        "A morning at Ridgeline Pottery",
        "Forty mugs to a batch, and not one of them like the next.",
        "<p>The kiln is opened at seven, when the clay is still too hot to hold. Each mug is turned once "
        "in the light and knocked with a knuckle: a dull sound, and it stays in Asheville.</p><p>What we "
        "sell are the ones that ring. The speckles are iron in the clay, and no two batches carry the "
        "same amount.</p>",
        "Tom, Ember & Oak",
        ("Makers",),
        31,
    ),
)
LUMEN_POSTS = (
    Post(
        "Light for reading, light for dinner",
        "One lamp is never enough, and three are often too many.",
        "<p>A page wants light from behind the shoulder, a table wants it from above and low. Begin with "
        "the chair that you sit in most, and put the second lamp where the evening ends.</p><h2>Warm or "
        "cool</h2><p>Below 2,700 kelvin a room goes to sleep; above 4,000 it goes to work. Most of ours "
        "do both, by the dimmer.</p>",
        "Ines, Lumen Studio",
        ("Light",),
        6,
    ),
    Post(
        "Why our sweaters have no side seams",
        "A sweater knitted in the round has nowhere to come apart.",
        "<p>Seams are where sweaters die. Ours are knitted as one tube in the Rhön, with the wool of "
        "sheep that graze there, and the sleeves are picked up from the body instead of sewn on.</p>",
        "Jonas, Lumen Studio",
        ("Apparel", "Makers"),
        24,
    ),
)
