"""Parses render, section, sections, content_for, paginate, form, slot and style."""

from __future__ import annotations

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

RENDER, SECTION, SECTIONS, BLOCKS = "render tag", "section tag", "sections tag", "blocks tag"
BLOCK = "block tag"
PAGINATE, PAGINATE_END, FORM, FORM_OPEN, FORM_CLOSE, SLOT = (
    "paginate tag", "paginate end", "form tag", "form open", "form close", "slot tag",
)  # fmt: skip


def _call(name: str, first: nodes.Expr, args: list[nodes.Expr], kwargs: list[nodes.Keyword], line: int) -> nodes.Filter:
    return nodes.Filter(first, name, args, kwargs, None, None, lineno=line)


def _output(call: nodes.Expr) -> nodes.Output:
    return nodes.Output([call], lineno=call.lineno)


def _literal(parser: Parser) -> nodes.Const:
    token = parser.stream.expect("string")
    return nodes.Const(token.value, lineno=token.lineno)


def _arguments(parser: Parser) -> tuple[list[nodes.Expr], list[nodes.Keyword]]:
    """Read `, a, b=c` up to the end of the tag."""
    args: list[nodes.Expr] = []
    kwargs: list[nodes.Keyword] = []
    while parser.stream.skip_if("comma"):
        if parser.stream.current.type == "name" and parser.stream.look().type == "assign":
            key = next(parser.stream)
            next(parser.stream)
            kwargs.append(nodes.Keyword(key.value, parser.parse_expression(), lineno=key.lineno))
        else:
            args.append(parser.parse_expression())
    return args, kwargs


class LanguageExtension(Extension):
    tags = {"render", "section", "sections", "content_for", "paginate", "form", "slot", "style"}  # noqa: RUF012

    def parse(self, parser: Parser) -> nodes.Node | list[nodes.Node]:
        token = next(parser.stream)
        result: nodes.Node | list[nodes.Node] = getattr(self, f"_{token.value}")(parser, token.lineno)
        return result

    def _render(self, parser: Parser, line: int) -> nodes.Node:
        name = _literal(parser)
        loop: tuple[nodes.Expr, str] | None = None
        if parser.stream.skip_if("name:for"):
            items = parser.parse_expression()
            parser.stream.expect("name:as")
            loop = items, parser.stream.expect("name").value
        args, kwargs = _arguments(parser)
        if args:
            parser.fail("give a snippet its values by name: {% render 'card', product=item %}", line)
        if loop is None:
            return _output(_call(RENDER, name, [], kwargs, line))
        kwargs.append(nodes.Keyword(loop[1], nodes.Name(loop[1], "load", lineno=line), lineno=line))
        body: list[nodes.Node] = [_output(_call(RENDER, name, [], kwargs, line))]
        return nodes.For(nodes.Name(loop[1], "store"), loop[0], body, [], None, False, lineno=line)

    def _section(self, parser: Parser, line: int) -> nodes.Node:
        return _output(_call(SECTION, _literal(parser), [], [], line))

    def _sections(self, parser: Parser, line: int) -> nodes.Node:
        return _output(_call(SECTIONS, _literal(parser), [], [], line))

    def _content_for(self, parser: Parser, line: int) -> nodes.Node:
        name = _literal(parser)
        args, kwargs = _arguments(parser)
        tags = {"blocks": (BLOCKS, []), "block": (BLOCK, ["block"])}
        tag, needed = tags.get(name.value, ("", []))
        if args or [keyword.key for keyword in kwargs] != needed:
            parser.fail("write {% content_for 'blocks' %} or {% content_for 'block', block=block %}", line)
        return _output(_call(tag, name, [], kwargs, line))

    def _slot(self, parser: Parser, line: int) -> nodes.Node:
        name = _literal(parser)
        _, kwargs = _arguments(parser)
        return _output(_call(SLOT, name, [], kwargs, line))

    def _paginate(self, parser: Parser, line: int) -> nodes.Node:
        source = parser.parse_expression()
        attribute: nodes.Expr = nodes.Const(None, lineno=line)
        if isinstance(source, nodes.Getattr):
            attribute, source = nodes.Const(source.attr, lineno=line), source.node
        parser.stream.expect("name:by")
        size = parser.parse_expression()
        body = parser.parse_statements(("name:endpaginate",), drop_needle=True)
        end = nodes.ExprStmt(_call(PAGINATE_END, nodes.Name("paginate", "load"), [], [], line), lineno=line)
        start = _call(PAGINATE, source, [attribute, size], [], line)
        return nodes.With([nodes.Name("paginate", "param")], [start], [*body, end], lineno=line)

    def _form(self, parser: Parser, line: int) -> nodes.Node:
        kind = _literal(parser)
        args, kwargs = _arguments(parser)
        body = parser.parse_statements(("name:endform",), drop_needle=True)
        form = nodes.Name("form", "load", lineno=line)
        opening = _output(_call(FORM_OPEN, form, [], [], line))
        closing = _output(_call(FORM_CLOSE, form, [], [], line))
        start = _call(FORM, kind, args, kwargs, line)
        return nodes.With([nodes.Name("form", "param")], [start], [opening, *body, closing], lineno=line)

    def _style(self, parser: Parser, line: int) -> list[nodes.Node]:
        body = parser.parse_statements(("name:endstyle",), drop_needle=True)
        opening, closing = (nodes.Output([nodes.TemplateData(text)], lineno=line) for text in ("<style>", "</style>"))
        return [opening, *body, closing]
