"""The other side of `souk.media.press`: bytes in on stdin, a line of JSON and bytes out on stdout."""

from __future__ import annotations

import json
import os
import resource
import sys
from typing import Any

from souk.media.check import check_image
from souk.media.errors import MalformedImage, SvgRefused, TooManyPixels
from souk.media.renditions import renditions_of

MEMORY_BYTES = 2 * 1024**3
CPU_SECONDS = 30
_OPEN_FILES = 64
_NICENESS = 10


def main(task: str) -> None:
    _limit()
    data = sys.stdin.buffer.read()
    try:
        head, blobs = _check(data) if task == "check" else _render(data)
    except (TooManyPixels, MalformedImage, SvgRefused) as error:
        head, blobs = {"error": error.code, "reason": getattr(error, "reason", "")}, []
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + b"".join(blobs))


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.nice(_NICENESS)


def _check(data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    image = check_image(data, "picture")
    head = {"content_type": image.content_type, "width": image.width, "height": image.height}
    return {**head, "parts": [{"size": len(image.data)}]}, [image.data]


def _render(data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    made = list(renditions_of(data))
    parts = [{"name": name, "content_type": kind, "size": len(blob)} for name, kind, blob in made]
    return {"parts": parts}, [blob for _, _, blob in made]


if __name__ == "__main__":
    main(sys.argv[1])
