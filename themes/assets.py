"""A theme's assets by name with their fingerprints, and the bundles of what its files carry in their raw parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from themes.files import ThemeFiles, digest

# No file of a theme can have such a name: the validator takes none that begins with an underscore.
STYLESHEET, SCRIPT = "_sections.css", "_sections.js"
FINGERPRINT = 12
_URL = re.compile(r"url\(\s*([\"']?)([A-Za-z0-9][A-Za-z0-9._-]{0,99})\1\s*\)")
# Each part runs by itself: a name or an error of one section is none of another's.
_SCRIPT = "// {path}\ntry {{ (() => {{\n{code}\n}})(); }} catch (error) {{ reportError(error); }}\n"


_ACTIVE = re.compile(
    rb"<script|<foreignobject|\son[a-z]+\s*=|javascript:|<!entity|href\s*=\s*[\"']?\s*(?:https?:)?//", re.IGNORECASE
)


def active_part(svg: bytes) -> re.Match[bytes] | None:
    """Return what in a drawing could run scripts or load from strangers."""
    return _ACTIVE.search(svg)


def is_active_svg(svg: bytes) -> bool:
    return active_part(svg) is not None


@dataclass(frozen=True, slots=True)
class Asset:
    content: bytes
    sha12: str


def asset_of(content: bytes) -> Asset:
    return Asset(content, digest(content)[:FINGERPRINT])


def assets_of(files: ThemeFiles, parts: Mapping[str, Mapping[str, str]]) -> dict[str, Asset]:
    """Return assets and bundles by name; `parts` maps a file's path to its raw parts.

    Style sheets name other assets plainly, `url(paper.png)`; what is served names their fingerprinted addresses.
    """
    found = {path[7:]: asset_of(content) for path, content in files.items() if path.startswith("assets/")}
    styles = "".join(
        f"/* {path} */\n{part['stylesheet']}\n" for path, part in sorted(parts.items()) if part.get("stylesheet")
    )
    scripts = "".join(
        _SCRIPT.format(path=path, code=part["javascript"])
        for path, part in sorted(parts.items())
        if part.get("javascript")
    )
    if scripts:
        found[SCRIPT] = asset_of(scripts.encode())
    plain = {name: asset.sha12 for name, asset in found.items() if not name.endswith(".css")}
    for name in [name for name in found if name.endswith(".css")]:
        found[name] = _linked(found[name].content, plain)
    if styles:
        found[STYLESHEET] = _linked(styles.encode(), plain)
    return found


def _linked(content: bytes, fingerprints: Mapping[str, str]) -> Asset:
    def link(match: re.Match[str]) -> str:
        sha12 = fingerprints.get(match[2])
        # Relative to the style sheet's own address, /theme/<its fingerprint>/<its name>.
        return f"url(../{sha12}/{match[2]})" if sha12 else match[0]

    text = content.decode(errors="surrogateescape")
    return asset_of(_URL.sub(link, text).encode(errors="surrogateescape"))
