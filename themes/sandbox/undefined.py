"""A missing value: prints nothing, is false, and so are all its properties."""

from __future__ import annotations

from jinja2 import ChainableUndefined


class MissingValue(ChainableUndefined):
    __slots__ = ()
