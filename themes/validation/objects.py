"""Rules on names: objects, their properties, settings, and the arguments of filters."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import nodes

from themes.declared import FUNCTIONS, TAGS, members, named
from themes.engine import environment
from themes.sandbox.grammar import near
from themes.schema import Settings, grouped, objects, settings_of
from themes.validation.code import Code, Codes, keywords_of, literal
from themes.validation.finding import Inspection

_IN_MACROS = frozenset({"caller", "varargs", "kwargs", "loop"})


def check_objects(theme: Inspection, codes: Codes, schemas: Mapping[str, Any]) -> None:
    document = theme.document("config/settings_schema.json")
    settings = grouped(document.data if document else None)
    for code in codes.by_path.values():
        own = _declared_in(code)
        _check_names(theme, code, own | codes.given[_snippet_name(code)], _is_rendered(codes, code))
        _check_properties(theme, code, own)
        _check_settings(theme, code, own, settings, schemas.get(code.path) or {})
        _check_filters(theme, code)


def _snippet_name(code: Code) -> str:
    return code.path.removeprefix("snippets/").removesuffix(".html") if code.folder == "snippets" else " "


def _is_rendered(codes: Codes, code: Code) -> bool:
    return code.folder != "snippets" or (codes.complete and _snippet_name(code) in codes.given)


def _declared_in(code: Code) -> set[str]:
    names = {node.name for node in code.tree.find_all(nodes.Name) if node.ctx in ("store", "param")}
    return names | {node.name for node in code.tree.find_all(nodes.Macro)}


def _read_names(code: Code) -> Iterator[nodes.Name]:
    for node in code.tree.find_all(nodes.Name):
        if node.ctx == "load":
            yield node


def _tested_names(code: Code) -> set[str]:
    """Return the names whose absence the template itself handles."""
    tests = [node.node for node in code.tree.find_all(nodes.Test) if node.name in ("defined", "undefined")]
    defaults = [node.node for node in code.calls("default")]
    return {node.name for node in (*tests, *defaults) if isinstance(node, nodes.Name)}


def _check_names(theme: Inspection, code: Code, own: set[str], rendered: bool) -> None:  # noqa: FBT001 - one caller
    if not rendered:
        return
    known = {*named(code.folder), *TAGS, *FUNCTIONS, *_IN_MACROS, *own, *_tested_names(code)}
    for node in _read_names(code):
        if node.name not in known:
            cure = "give it in the render tag" if code.folder == "snippets" else "correct the name or set it"
            message = f"There is no object {node.name!r}{near(node.name, known)}; {cure}."
            theme.error(code.path, node.lineno, "unknown-object", message)


def type_of(node: nodes.Node, names: Mapping[str, type]) -> type | None:
    """Return the class of an expression as far as the declarations tell it."""
    if isinstance(node, nodes.Name):
        return names.get(node.name)
    if isinstance(node, nodes.Getattr):
        owner = type_of(node.node, names)
        found = next((member for member in _members(owner) if member.name == node.attr), None) if owner else None
        return found.drop if found and not found.many else None
    return None


@lru_cache(maxsize=256)
def _members(cls: type) -> list[Any]:
    return members(cls)


def _check_properties(theme: Inspection, code: Code, own: set[str]) -> None:
    names = {name: cls for name, cls in {**named(code.folder), **TAGS}.items() if name not in own or name in TAGS}
    for node in code.tree.find_all(nodes.Getattr):
        owner = type_of(node.node, names)
        known = [member.name for member in _members(owner)] if owner else []
        if known and node.attr not in known:
            message = f"There is no {_path(node)}{near(node.attr, known)}; correct the name."
            theme.error(code.path, node.lineno, "unknown-property", message)


def _path(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{_path(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "value"


def _check_settings(
    theme: Inspection, code: Code, own: set[str], settings: Settings, schema: Mapping[str, Any]
) -> None:
    blocks: set[str] = {name for block in objects(schema.get("blocks")) for name in settings_of(block.get("settings"))}
    mine = set(settings_of(schema.get("settings")))
    for owner, name, line in _setting_reads(code):
        if owner == "settings" and "settings" not in own and name not in settings:
            place, known = "config/settings_schema.json", set(settings)
        elif owner == "section.settings" and code.folder == "sections" and name not in mine:
            place, known = "the schema of this section", mine
        elif owner == "block.settings" and code.folder in ("sections", "blocks") and name not in blocks | mine:
            place, known = "the schema of this file", blocks | mine
        else:
            continue
        message = f"There is no setting {name!r} in {place}{near(name, known)}; declare it or correct the name."
        theme.error(code.path, line, "unknown-setting", message)


def _setting_reads(code: Code) -> Iterator[tuple[str, str, int]]:
    for node in code.tree.find_all(nodes.Getattr):
        yield _path(node.node), node.attr, node.lineno
    for item in code.tree.find_all(nodes.Getitem):
        name = literal(item.arg)
        if name is not None:
            yield _path(item.node), name, item.lineno


def _check_filters(theme: Inspection, code: Code) -> None:
    filters = environment().filters
    for node in code.tree.find_all(nodes.Filter):
        function = filters.get(node.name)
        if function is None or " " in node.name:
            continue
        why = _misfit(function, len(node.args), [str(keyword.key) for keyword in keywords_of(node)])
        if why:
            message = f"The filter {node.name} cannot be called so: {why}; see its arguments in the reference."
            theme.error(code.path, node.lineno, "filter-arguments", message)


def _misfit(function: Any, positional: int, keywords: list[str]) -> str | None:
    signature = parameters_of(function)
    try:
        signature.bind(None, *[None] * positional, **dict.fromkeys(keywords))
    except TypeError as error:
        return str(error)
    return None


def parameters_of(function: Any) -> inspect.Signature:
    """Return a filter's signature as a template sees it: the value first, without the environment."""
    signature = inspect.signature(inspect.unwrap(function))
    found = [value for name, value in signature.parameters.items() if name not in ("environment", "context")]
    return signature.replace(parameters=found)
