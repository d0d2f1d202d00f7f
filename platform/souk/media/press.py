"""Work on pictures in a process apart: what a hostile file does to a decoder, it does to nobody else.

The child (`souk.media.press_child`) has a limit on memory and on CPU time, no environment and no open files of ours.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from souk.kernel.errors import Invalid
from souk.media.check import MAX_BYTES, MAX_PIXELS, CheckedImage, kind_of
from souk.media.errors import FileTooLarge, ImageTooCostly, MalformedImage, SvgRefused, TooManyPixels

SECONDS = 40
_MODULE = "souk.media.press_child"


@dataclass(frozen=True, slots=True)
class Rendition:
    """`name` is what the storage adds to the picture's key, such as `w720.avif`."""

    name: str
    content_type: str
    data: bytes


def check_apart(data: bytes, filename: str) -> CheckedImage:
    """Do what `check_image` does, in a process apart.

    Raises:
        UnknownFileType, FileTooLarge: told from the first bytes, without a process.
        TooManyPixels, MalformedImage, SvgRefused, ImageTooCostly: the child refused, or had to be ended.

    """
    if len(data) > MAX_BYTES:
        raise FileTooLarge(filename, len(data), MAX_BYTES)
    kind_of(data, filename)
    head, blobs = _press("check", data, filename)
    return CheckedImage(blobs[0], head["content_type"], head["width"], head["height"])


def render_apart(data: bytes, filename: str) -> list[Rendition]:
    """Return every rendition of a checked picture; raises MalformedImage or ImageTooCostly."""
    head, blobs = _press("render", data, filename)
    return [
        Rendition(part["name"], part["content_type"], blob) for part, blob in zip(head["parts"], blobs, strict=True)
    ]


def _press(task: str, data: bytes, filename: str) -> tuple[Mapping[str, Any], list[bytes]]:
    command = [sys.executable, "-s", "-m", _MODULE, task]
    try:
        child = subprocess.run(  # noqa: S603 - our own interpreter with our own module
            command, input=data, capture_output=True, timeout=SECONDS, check=False, env=_environment(), close_fds=True
        )
    except subprocess.TimeoutExpired as error:
        raise ImageTooCostly(filename) from error
    if child.returncode:
        # A signal, or a decoder that ran into the limit: the file is at fault and not we.
        raise ImageTooCostly(filename)
    first, _, rest = child.stdout.partition(b"\n")
    head: dict[str, Any] = json.loads(first)
    if "error" in head:
        raise _refusal(head, filename)
    return head, _split(rest, [part["size"] for part in head["parts"]])


def _refusal(head: Mapping[str, Any], filename: str) -> Invalid:
    if head["error"] == TooManyPixels.code:
        return TooManyPixels(filename, MAX_PIXELS)
    return SvgRefused(filename, head["reason"]) if head["error"] == SvgRefused.code else MalformedImage(filename)


def _environment() -> dict[str, str]:
    # No secrets for a process that may be taken over; only where our modules lie.
    return {"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "LC_ALL": "C.UTF-8"}


def _split(data: bytes, sizes: list[int]) -> list[bytes]:
    parts, at = [], 0
    for size in sizes:
        parts.append(data[at : at + size])
        at += size
    return parts
