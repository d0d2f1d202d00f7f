"""Rewrites a checked tree so that loops charge their turns and container literals are weighed."""

from __future__ import annotations

from typing import cast

from jinja2 import nodes

# A blank in the name keeps these filters out of reach: no template can spell them.
TICK = "loop tick"
WEIGH = "weigh literal"


def rewrite(node: nodes.Node) -> int:
    """Rewrite below `node` in place; return how many nodes it had, which is the weight of one run."""
    count = 1
    for field, value in node.iter_fields():
        if isinstance(value, nodes.Node):
            count += rewrite(value)
            setattr(node, field, _weighed(value))
        elif isinstance(value, list):
            for child in value:
                if isinstance(child, nodes.Node):
                    count += rewrite(child)
            setattr(node, field, [_weighed(child) for child in value])
    if isinstance(node, nodes.For):
        weight = 1 + sum(_size(child) for child in node.body)
        node.iter = _filter(cast("nodes.Expr", node.iter), TICK, [nodes.Const(weight, lineno=node.lineno)])
    return count


def _weighed(value: object) -> object:
    literal = isinstance(value, (nodes.List, nodes.Dict)) or (isinstance(value, nodes.Tuple) and value.ctx == "load")
    if literal and any(not isinstance(child, nodes.Const) for child in value.iter_child_nodes()):  # type: ignore[attr-defined]
        return _filter(cast("nodes.Expr", value), WEIGH, [])
    return value


def _filter(node: nodes.Expr, name: str, args: list[nodes.Expr]) -> nodes.Filter:
    return nodes.Filter(node, name, args, [], None, None, lineno=node.lineno)


def _size(node: nodes.Node) -> int:
    return 1 + sum(_size(child) for child in node.iter_child_nodes())
