"""The allowed grammar: which nodes, names, filters and tests a template may contain, and how deep it may nest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from math import isfinite

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError

MAX_SOURCE = 256 * 1024
MAX_NODES = 20_000
MAX_TAGS = 10_000
MAX_DEPTH = 60
MAX_BRANCHES = 100  # Python nests what a template writes side by side
_FORBIDDEN_NAMES = frozenset({"self", "super"})
ALLOWED_NODES: frozenset[type[nodes.Node]] = frozenset(
    {
        nodes.Add, nodes.And, nodes.Assign, nodes.AssignBlock, nodes.Call, nodes.CallBlock, nodes.Compare,
        nodes.Concat, nodes.CondExpr, nodes.Const, nodes.Dict, nodes.Div, nodes.ExprStmt, nodes.Filter,
        nodes.FloorDiv, nodes.For, nodes.Getattr, nodes.Getitem, nodes.If, nodes.Keyword, nodes.List, nodes.Macro,
        nodes.Mod, nodes.Mul, nodes.NSRef, nodes.Name, nodes.Neg, nodes.Not, nodes.Operand, nodes.Or, nodes.Output,
        nodes.Pair, nodes.Pos, nodes.Pow, nodes.Slice, nodes.Sub, nodes.Template, nodes.TemplateData, nodes.Test,
        nodes.Tuple, nodes.With, nodes.Scope,
    }
)  # fmt: skip


def check(tree: nodes.Template, filters: Collection[str], tests: Collection[str]) -> None:
    """Refuse `tree` where it first leaves the grammar."""
    for problem in problems(tree, filters, tests):
        raise problem


def problems(tree: nodes.Template, filters: Collection[str], tests: Collection[str]) -> Iterator[TemplateSyntaxError]:
    """Yield each place where `tree` leaves the grammar; the walk ends where the tree is too large or too deep."""
    count = 0
    pending: list[tuple[nodes.Node, int]] = [(tree, 0)]
    while pending:
        node, depth = pending.pop()
        count += 1
        if depth > MAX_DEPTH:
            yield _refused("it is nested too deep; split it into snippets", node)
            return
        if count > MAX_NODES:
            yield _refused(f"it has more than {MAX_NODES} nodes; split it into snippets", node)
            return
        try:
            _check_node(node, filters, tests)
        except TemplateSyntaxError as problem:
            yield problem
        pending.extend((child, depth + 1) for child in node.iter_child_nodes())


def _check_node(node: nodes.Node, filters: Collection[str], tests: Collection[str]) -> None:
    kind = type(node)
    if kind not in ALLOWED_NODES:
        raise _refused(f"{kind.__name__.lower()} is not available in themes", node)
    if isinstance(node, nodes.If) and len(node.elif_) > MAX_BRANCHES:
        raise _refused(f"an if has more than {MAX_BRANCHES} elif; look the value up in a mapping", node)
    if isinstance(node, nodes.For) and node.recursive:
        raise _refused("recursive loops are not available; use a snippet", node)
    if isinstance(node, nodes.Filter):
        _check_filter(node, filters)
    elif isinstance(node, nodes.Test) and node.name not in tests:
        raise _refused(f"there is no test {node.name!r}{near(node.name, tests)}", node)
    if isinstance(node, (nodes.Call, nodes.Filter, nodes.Test)) and (node.dyn_args or node.dyn_kwargs):
        raise _refused("arguments cannot be unpacked with *; write them out", node)
    if isinstance(node, nodes.Const) and isinstance(node.value, float) and not isfinite(node.value):
        raise _refused("the number is too large", node)
    _check_names(node)


def _check_filter(node: nodes.Filter, filters: Collection[str]) -> None:
    if node.name not in filters:
        raise _refused(f"there is no filter {node.name!r}{near(node.name, filters)}", node)
    if node.node is None:
        raise _refused("the filter tag is not available; use set and a filter", node)


def near(name: str, known: Iterable[str]) -> str:
    """Return ` (did you mean ...?)` when a known name is close."""
    found = get_close_matches(name, [other for other in known if " " not in other], 1)
    return f" (did you mean {found[0]!r}?)" if found else ""


def _check_names(node: nodes.Node) -> None:
    name: object = None
    if isinstance(node, (nodes.Name, nodes.NSRef, nodes.Macro)):
        name = node.name
        if name in _FORBIDDEN_NAMES:
            raise _refused(f"{name} is not available in themes", node)
    elif isinstance(node, nodes.Getattr):
        name = node.attr
    elif isinstance(node, nodes.Keyword):
        name = node.key
    if isinstance(node, nodes.NSRef) and node.attr.startswith("_"):
        name = node.attr
    if isinstance(name, str) and not name.isascii():
        # Python folds look-alike letters of identifiers into one, so that a name could become another.
        raise _refused(f"names are written in Latin letters, digits and underscores: {name!r}", node)
    if isinstance(name, str) and name.startswith("_"):
        raise _refused(f"names that start with an underscore are private: {name!r}", node)


def _refused(reason: str, node: nodes.Node) -> TemplateSyntaxError:
    return TemplateSyntaxError(reason, getattr(node, "lineno", 1) or 1)
