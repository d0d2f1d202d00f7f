"""Jinja's code generator with the few expressions replaced that would bypass the environment."""

from __future__ import annotations

from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame

_SHORT = 64


def _is_short(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and not (isinstance(node.value, str) and len(node.value) > _SHORT)


def _is_cheap(left: nodes.Expr, operand: nodes.Operand) -> bool:
    if operand.op in ("in", "notin"):
        listed = isinstance(operand.expr, (nodes.List, nodes.Tuple))
        return listed and all(_is_short(item) for item in operand.expr.iter_child_nodes())
    return _is_short(left) or _is_short(operand.expr)


class ThemeCodeGenerator(CodeGenerator):
    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        """Fold template text only: folding an expression would run filters at compile time, without a budget."""
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return node.data

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write("environment.printed(")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write(")")

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:
        """`~` joins within the budget instead of with the library's markup_join."""
        self.write("environment.join_values((")
        for child in node.nodes:
            self.visit(child, frame)
            self.write(", ")
        self.write("))")

    def visit_Compare(self, node: nodes.Compare, frame: Frame) -> None:
        """Compare directly with short constants only; all else is counted."""
        if len(node.ops) == 1 and _is_cheap(node.expr, node.ops[0]):
            super().visit_Compare(node, frame)
            return
        self.write("environment.compared(")
        self.visit(node.expr, frame)
        self.write(", (")
        for operand in node.ops:
            self.write(f"({operand.op!r}, ")
            self.visit(operand.expr, frame)
            self.write("), ")
        self.write("))")

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:
        """The stock generator lets slices bypass getitem: x[:] would copy anything, uncounted."""
        if not isinstance(node.arg, nodes.Slice):
            super().visit_Getitem(node, frame)
            return
        self.write("environment.getitem(")
        self.visit(node.node, frame)
        self.write(", slice(")
        for bound in (node.arg.start, node.arg.stop, node.arg.step):
            if bound is None:
                self.write("None")
            else:
                self.visit(bound, frame)
            self.write(", ")
        self.write("))")
