"""Makes the sizes of a picture that pages ask for, each once."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Final

from PIL import Image

from souk.media.errors import MediaMissing, WidthRefused
from souk.media.storage import MediaStorage, checked_key

WIDTHS: Final = (165, 360, 533, 720, 940, 1066, 1500)
CONTENT_TYPE: Final = "image/webp"
AVIF_TYPE: Final = "image/avif"
JPEG_TYPE: Final = "image/jpeg"
DRAWING_TYPE: Final = "image/svg+xml"
_WEBP = {"quality": 80, "method": 3}
# Speed 8 of 10 costs a third of the default's time for two percent more bytes; one thread keeps within the limits.
_AVIF = {"quality": 60, "speed": 8, "max_threads": 1}
_OPTIONS = {"WEBP": _WEBP, "AVIF": _AVIF, "JPEG": {"quality": 82, "progressive": True}}
_WHITE = (255, 255, 255)


def rendition_key(key: str, width: int, extension: str = "webp") -> str:
    """Return where the rendition of `key` is kept; raise WidthRefused for a width that is not offered."""
    if width not in WIDTHS:
        raise WidthRefused(width, WIDTHS)
    return f"{checked_key(key)}.w{width}.{extension}"


def rendition(storage: MediaStorage, key: str, width: int, *, jpeg: bool = False) -> tuple[bytes, str]:
    """Return `key` as WebP at most `width` pixels wide (never enlarged), made on first call, with its content type.

    With `jpeg` as JPEG, on white: what draws previews of links does not read WebP everywhere.
    Two first calls at once make the same bytes twice and store them one over the other: harmless.
    """
    kind, content_type = ("JPEG", JPEG_TYPE) if jpeg else ("WEBP", CONTENT_TYPE)
    target = rendition_key(key, width, "jpg" if jpeg else "webp")
    try:
        with storage.open(target) as file:
            return file.read(), content_type
    except MediaMissing:
        with storage.open(key) as file:
            original = file.read()
    if is_drawing(original):
        return original, DRAWING_TYPE
    data = _encoded(_scaled(_picture(original, width), width), kind)
    storage.put(target, data, content_type)
    return data, content_type


def is_drawing(original: bytes) -> bool:
    """Tell whether a stored original is a drawing that we wrote anew; no decoder of pictures takes such bytes."""
    return original.startswith(b"<svg ")


def best_rendition(storage: MediaStorage, key: str, width: int, *, takes_avif: bool) -> tuple[bytes, str]:
    """Return (bytes, content type): AVIF for a browser that takes it, once the job has made it, otherwise WebP.

    A drawing is answered as it is at every width: it has all sizes in it.
    """
    if takes_avif:
        try:
            with storage.open(rendition_key(key, width, "avif")) as file:
                return file.read(), AVIF_TYPE
        except MediaMissing:
            pass
    return rendition(storage, key, width)


def renditions_of(data: bytes) -> Iterator[tuple[str, str, bytes]]:
    """Yield (name, content type, bytes) for every width and format; a narrow picture is encoded once for all widths."""
    picture = _picture(data, WIDTHS[-1])
    made: dict[tuple[int, str], bytes] = {}
    for width in WIDTHS:
        small = _scaled(picture, width)
        for extension, kind in (("webp", CONTENT_TYPE), ("avif", AVIF_TYPE)):
            at = (small.width, extension)
            if at not in made:
                made[at] = _encoded(small, extension.upper())
            yield f"w{width}.{extension}", kind, made[at]


def delete_image(storage: MediaStorage, key: str) -> None:
    """Remove a picture with all its renditions."""
    for width in WIDTHS:
        for extension in ("webp", "avif", "jpg"):
            storage.delete(rendition_key(key, width, extension))
    storage.delete(key)


def _picture(data: bytes, width: int) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        # Lets the JPEG decoder skip detail that the small size cannot show.
        image.draft("RGB", (width, width))
        return image.convert("RGBA" if image.mode in {"RGBA", "LA", "PA", "P"} else "RGB")


def _scaled(picture: Image.Image, width: int) -> Image.Image:
    if picture.width <= width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _encoded(picture: Image.Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    (_opaque(picture) if kind == "JPEG" else picture).save(buffer, kind, **_OPTIONS[kind])
    return buffer.getvalue()


def _opaque(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    paper = Image.new("RGB", picture.size, _WHITE)
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper
