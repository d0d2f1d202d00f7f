"""Check where a page may send its visitor next."""

from __future__ import annotations


def own_path(target: str, default: str = "/") -> str:
    """Return `target` when it is a path of this host, else `default`: a link must not send people elsewhere."""
    own = target.startswith("/") and target[1:2] not in {"/", "\\"} and target.isprintable()
    return target if own else default
