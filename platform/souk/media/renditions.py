"""Makes the sizes of a picture that pages ask for, each once."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image

from souk.media.errors import WidthRefused
from souk.media.storage import MediaStorage, checked_key

WIDTHS: Final = (165, 360, 533, 720, 940, 1066, 1500)
CONTENT_TYPE: Final = "image/webp"
_QUALITY = 80


def rendition_key(key: str, width: int) -> str:
    """Return where the rendition of `key` is kept; raise WidthRefused for a width that is not offered."""
    if width not in WIDTHS:
        raise WidthRefused(width, WIDTHS)
    return f"{checked_key(key)}.w{width}.webp"


def rendition(storage: MediaStorage, key: str, width: int) -> bytes:
    """Return `key` as WebP at most `width` pixels wide (never enlarged), made on first call.

    Two first calls at once make the same bytes twice and store them one over the other: harmless.
    """
    target = rendition_key(key, width)
    if storage.exists(target):
        with storage.open(target) as file:
            return file.read()
    with storage.open(key) as file:
        data = _scaled(file.read(), width)
    storage.put(target, data, CONTENT_TYPE)
    return data


def delete_image(storage: MediaStorage, key: str) -> None:
    """Remove a picture with all its renditions."""
    for width in WIDTHS:
        storage.delete(rendition_key(key, width))
    storage.delete(key)


def _scaled(data: bytes, width: int) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        # Lets the JPEG decoder skip detail that the small size cannot show.
        image.draft("RGB", (width, width))
        picture = image.convert("RGBA" if image.mode in {"RGBA", "LA", "PA", "P"} else "RGB")
    if picture.width > width:
        height = max(1, round(picture.height * width / picture.width))
        picture = picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=_QUALITY, method=3)
    return buffer.getvalue()
