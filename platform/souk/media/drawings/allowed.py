"""What a drawing may hold (names of SVG 2, https://www.w3.org/TR/SVG2/): shapes, paint and text.

Left out are scripts and events, links, embedded documents and pictures, animations (`set` can change a link later), and
the filters that cost a browser seconds.
"""

from __future__ import annotations

ELEMENTS = frozenset(
    [
        "svg", "g", "defs", "symbol", "use", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline",
        "polygon", "text", "tspan", "textPath", "linearGradient", "radialGradient", "stop", "clipPath", "mask",
        "pattern", "marker", "style", "filter", "feBlend", "feColorMatrix", "feComposite", "feDropShadow", "feFlood",
        "feGaussianBlur", "feMerge", "feMergeNode", "feOffset",
    ]
)  # fmt: skip
# What may stand in an attribute and in a style sheet alike.
PAINT = frozenset(
    [
        "alignment-baseline", "clip-path", "clip-rule", "color", "color-interpolation", "color-interpolation-filters",
        "direction", "display", "dominant-baseline", "fill", "fill-opacity", "fill-rule", "filter", "flood-color",
        "flood-opacity", "font-family", "font-size", "font-stretch", "font-style", "font-variant", "font-weight",
        "isolation", "letter-spacing", "marker-end", "marker-mid", "marker-start", "mask", "mix-blend-mode", "opacity",
        "overflow", "paint-order", "shape-rendering", "stop-color", "stop-opacity", "stroke", "stroke-dasharray",
        "stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity",
        "stroke-width", "text-anchor", "text-decoration", "text-rendering", "transform", "transform-origin",
        "vector-effect", "visibility", "word-spacing", "writing-mode",
    ]
)  # fmt: skip
ATTRIBUTES = PAINT | frozenset(
    [
        "class", "clipPathUnits", "cx", "cy", "d", "dx", "dy", "filterUnits", "fr", "fx", "fy", "gradientTransform",
        "gradientUnits", "height", "href", "id", "in", "in2", "k1", "k2", "k3", "k4", "lang", "lengthAdjust",
        "markerHeight", "markerUnits", "markerWidth", "maskContentUnits", "maskUnits", "mode", "offset", "operator",
        "orient", "pathLength", "patternContentUnits", "patternTransform", "patternUnits", "points",
        "preserveAspectRatio", "primitiveUnits", "r", "refX", "refY", "result", "role", "rotate", "rx", "ry",
        "spreadMethod", "startOffset", "stdDeviation", "style", "textLength", "type", "values", "version", "viewBox",
        "width", "x", "x1", "x2", "y", "y1", "y2",
    ]
)  # fmt: skip
