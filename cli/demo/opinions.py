"""What the demo shops' customers wrote; about half of the products have reviews."""

# ruff: noqa: E501 - prose is not wrapped
from __future__ import annotations

import hashlib

from cli.demo.catalog import Review

_PEOPLE = (
    "Maya R.", "Jonas W.", "Priya S.", "Tom H.", "Elif K.", "Camille D.", "Owen B.", "Sofia L.", "Marek P.",
    "Hannah G.", "Diego F.", "Ruth A.", "Annika S.", "Luca M.", "Grace O.", "Felix N.", "Ines C.", "Noah T.",
)  # fmt: skip

_EVERYWHERE = (
    (5, "Better than the pictures", "The colour is deeper in daylight than on the screen, and the finish is flawless."),
    (
        5,
        "Second one now",
        "Bought one for us in spring; this one is a present for my sister, who would not stop asking.",
    ),
    (4, "Good, slow parcel", "Exactly as described. One star less because the parcel took a week to leave."),
    (5, "Beautifully packed", "Arrived in paper and cardboard only, not a scratch. You can tell that somebody cared."),
    (4, "Solid", "Well made and heavier than I expected. A little pricier than others, but it will last."),
    (3, "Nice, but smaller than I thought", "Quality is fine. Do read the measurements, I pictured it larger."),
)
_BY_CATEGORY: dict[str, tuple[tuple[int, str, str], ...]] = {
    "Kitchen": (
        (5, "Used every single day", "Three months of daily use and dishwasher, and it still looks new."),
        (5, "The weight is right", "Sits well in the hand. I had forgotten what good kitchen things feel like."),
        (4, "Lovely glaze", "Every piece is a little different, which I like. One had a tiny spot on the foot."),
    ),
    "Home": (
        (5, "Made the room", "It pulled the whole living room together. Warm, quiet and not fussy at all."),
        (4, "Cosy", "Soft from the first day. Sheds a little in the beginning, gone after one wash."),
        (5, "Sturdy", "Five minutes to put together and no wobble on our old floorboards."),
    ),
    "Outdoor": (
        (5, "Survived the storm", "Out on the terrace through two weeks of rain and not a trace of rust."),
        (4, "Great on the trail", "Packs well and is easy to clean with a handful of sand and water."),
        (5, "Our evenings are longer now", "We sit outside until midnight. Simple, well thought out, repairable."),
    ),
    "Lighting": (
        (5, "Perfect light", "No glare, warm and even. The dimmer has no hum, which is rarer than it should be."),
        (4, "Handsome", "Assembly was easy. I wish the cable were half a metre longer."),
        (5, "Looks like a gallery piece", "Visitors ask about it every time. Even better switched off, if that makes sense."),
    ),
    "Stationery": (
        (5, "No bleed-through", "Fountain pen, broad nib, and nothing shows on the other side. Finally."),
        (5, "Lies flat", "It opens flat from the first page to the last. I ordered three more."),
        (4, "Small pleasure", "Makes Monday mornings a bit better. More colours, please."),
    ),
    "Bags": (
        (5, "Everything has its place", "Laptop, lunch, umbrella, and it still looks slim on the bike."),
        (4, "Ages well", "The leather darkens nicely. The strap was stiff for the first week."),
        (5, "Carried it through Lisbon", "Four days of cobblestones and no sore shoulder. Zips run like butter."),
    ),
    "Apparel": (
        (5, "True to size", "I am between M and L and took M: right. Not shrunk after four washes."),
        (4, "Warm and light", "Does not scratch at all, even on bare skin. Sleeves are a touch long."),
        (5, "The one I reach for", "Heavy cotton that keeps its shape. I own three by now."),
    ),
}  # fmt: skip


def opinions(handle: str, category: str) -> tuple[Review, ...]:
    """Return up to five reviews for every second product, the same on every run."""
    die = hashlib.sha256(handle.encode()).digest()
    if die[0] % 2:
        return ()
    pool = _BY_CATEGORY[category] + _EVERYWHERE
    count = 2 + die[1] % 4
    texts = [pool[(die[2] + step * (1 + die[3] % 2)) % len(pool)] for step in range(count)]
    return tuple(
        Review(_PEOPLE[(die[4] + 5 * step) % len(_PEOPLE)], rating, title, body, 3 + (die[5 + step] * 3) % 200)
        for step, (rating, title, body) in enumerate(dict.fromkeys(texts))
    )
