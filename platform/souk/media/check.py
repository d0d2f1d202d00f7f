"""Looks into an uploaded file and makes a safe picture of it, whatever its name claims."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from souk.media.drawings.clean import clean_drawing
from souk.media.errors import FileTooLarge, MalformedImage, TooManyPixels, UnknownFileType

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
# Drawing programs write comments and a document type before the first element.
_HEAD = 4096
SVG, SVG_TYPE = "SVG", "image/svg+xml"
_FORMATS = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "AVIF": "image/avif",
}
# What Pillow raises on hostile bytes, by format: no one base class covers them.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError)


@dataclass(frozen=True, slots=True)
class CheckedImage:
    """An upright picture without metadata; `data` is what is kept as the original."""

    data: bytes
    content_type: str
    width: int
    height: int


def check_image(data: bytes, filename: str) -> CheckedImage:
    """Verify an upload by its content and return it upright and stripped of metadata.

    Raises UnknownFileType, SvgRefused, FileTooLarge, TooManyPixels or MalformedImage.
    """
    if len(data) > MAX_BYTES:
        raise FileTooLarge(filename, len(data), MAX_BYTES)
    kind = kind_of(data, filename)
    if kind == SVG:
        drawing = clean_drawing(data, filename)
        return CheckedImage(drawing.data, SVG_TYPE, drawing.width, drawing.height)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            _verify(data, kind, filename)
            return _cleaned(data, kind)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise TooManyPixels(filename, MAX_PIXELS) from error
    except UnidentifiedImageError as error:
        raise MalformedImage(filename) from error
    except _BROKEN as error:
        raise MalformedImage(filename) from error


def kind_of(data: bytes, filename: str) -> str:
    """Read the format off the first bytes; Pillow is then allowed this one decoder only.

    Raises UnknownFileType.
    """
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    if data[4:12] in (b"ftypavif", b"ftypavis"):
        return "AVIF"
    if data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") and b"<svg" in data[:_HEAD]:
        return SVG
    raise UnknownFileType(filename)


def _verify(data: bytes, kind: str, filename: str) -> None:
    with Image.open(io.BytesIO(data), formats=[kind]) as image:
        if image.width * image.height > MAX_PIXELS:
            raise TooManyPixels(filename, MAX_PIXELS)
        image.verify()


def _cleaned(data: bytes, kind: str) -> CheckedImage:
    """Decode every pixel, turn the picture upright and drop EXIF, which may hold a home address."""
    with Image.open(io.BytesIO(data), formats=[kind]) as image:
        image.load()
        upright = ImageOps.exif_transpose(image)
        if _is_clean(image):
            return CheckedImage(data, _FORMATS[kind], image.width, image.height)
        return _rewritten(upright, "PNG" if kind in {"PNG", "GIF"} else kind)


def _is_clean(image: Image.Image) -> bool:
    harmless = {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "dpi",
        "loop",
        "background",
        "gamma",
        "version",
        "duration",
    }
    return not image.getexif() and not set(image.info) - harmless and getattr(image, "n_frames", 1) == 1


def _rewritten(image: Image.Image, kind: str) -> CheckedImage:
    mode = "RGBA" if kind != "JPEG" and _has_alpha(image) else "RGB"
    profile = image.info.get("icc_profile")
    plain = image.convert(mode)
    plain.info = {}
    buffer = io.BytesIO()
    options: dict[str, object] = {"icc_profile": profile} if profile else {}
    if kind != "PNG":
        options["quality"] = 90
    plain.save(buffer, kind, **options)
    return CheckedImage(buffer.getvalue(), _FORMATS[kind], plain.width, plain.height)


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
