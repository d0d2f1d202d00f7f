"""What can be wrong with a file that somebody uploads as a picture."""

from __future__ import annotations

from collections.abc import Sequence

from souk.kernel.errors import Conflict, Invalid, NotFound

_MOST_TOLD = 5


class UnknownFileType(Invalid):
    code = "unknown_file_type"

    def __init__(self, filename: str) -> None:
        super().__init__(
            f"“{filename}” is no JPEG, PNG, WebP, GIF, AVIF or SVG picture; save it as one of these.",
            filename=filename,
        )


class SvgRefused(Invalid):
    """`reason` completes the sentence "the drawing ..."."""

    code = "svg_refused"

    def __init__(self, filename: str, reason: str) -> None:
        super().__init__(
            f"“{filename}” is an SVG drawing that {reason}; export it again as plain SVG, or upload it as PNG or WebP.",
            filename=filename,
        )
        self.reason = reason


class FileTooLarge(Invalid):
    code = "file_too_large"

    def __init__(self, filename: str, size: int, limit: int) -> None:
        super().__init__(
            f"“{filename}” has {size:,} bytes; upload a picture of at most {limit:,} bytes.",
            filename=filename,
        )


class TooManyPixels(Invalid):
    """A small file can unpack to gigabytes, so the size in its header is checked before any pixel is read."""

    code = "too_many_pixels"

    def __init__(self, filename: str, limit: int) -> None:
        super().__init__(
            f"“{filename}” has too many pixels; scale it down to at most {limit:,} of them.",
            filename=filename,
        )


class MalformedImage(Invalid):
    code = "malformed_image"

    def __init__(self, filename: str) -> None:
        super().__init__(
            f"“{filename}” is damaged or cut off; export it again and upload the new file.", filename=filename
        )


class ImageTooCostly(Invalid):
    """The process that looked into the file used up its memory or its time."""

    code = "image_too_costly"

    def __init__(self, filename: str) -> None:
        super().__init__(
            f"“{filename}” takes too much memory or time to read; save it again as a plain JPEG or PNG.",
            filename=filename,
        )


class MediaMissing(NotFound):
    code = "media_missing"

    def __init__(self, key: str) -> None:
        super().__init__(f"There is no file {key!r} in the media storage; upload it again.", key=key)


class BadStorageKey(Invalid):
    code = "bad_storage_key"

    def __init__(self, key: str) -> None:
        super().__init__(f"{key!r} is no storage key; use lower-case letters, digits, '-', '_', '.' and '/'.", key=key)


class WidthRefused(NotFound):
    """Free widths would let a stranger fill the disk."""

    code = "width_refused"

    def __init__(self, width: int, allowed: tuple[int, ...]) -> None:
        super().__init__(f"Pictures are not made {width} pixels wide; ask for one of {', '.join(map(str, allowed))}.")


class BadFocalPoint(Invalid):
    code = "bad_focal_point"

    def __init__(self) -> None:
        super().__init__("A focal point is two numbers from 0 to 100: percent from the left and from the top.")


class PictureMissing(NotFound):
    code = "picture_missing"

    def __init__(self) -> None:
        super().__init__("There is no such picture in this shop; it may have been deleted.")


class PictureInUse(Conflict):
    """`uses` name the things that show the picture, such as `the product “Chair”`."""

    code = "picture_in_use"

    def __init__(self, filename: str, uses: Sequence[str]) -> None:
        told = f"“{filename}” is shown by {_listed(uses)}; take it out there first. Nothing was deleted."
        super().__init__(told, uses=list(uses))


def _listed(names: Sequence[str]) -> str:
    told = [*names[:_MOST_TOLD], *([f"{len(names) - _MOST_TOLD} more"] if len(names) > _MOST_TOLD else [])]
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)
