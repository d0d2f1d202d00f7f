"""Sizes of files for people."""

from __future__ import annotations


def size_of(count: int) -> str:
    """Write a size for people, such as 1.4 MB."""
    for unit, size in (("GB", 1024**3), ("MB", 1024**2), ("KB", 1024)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} B"
