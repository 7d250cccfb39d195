"""The ways in which a line of Python is broken."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}


class Mutant(NamedTuple):
    """A piece of source text and what to put in its place."""

    line: int
    before: str
    after: str
    start: int
    end: int


def mutants(source: str, functions: set[str]) -> Iterator[Mutant]:
    """Break each place in the named functions in turn."""
    offsets = [0]
    for text in source.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(text.encode()))
    for function in _functions(ast.parse(source), functions):
        for node in (node for line in function.body for node in ast.walk(line)):
            for broken in _broken(node):
                start = offsets[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
                end = offsets[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]
                before = source.encode()[start:end].decode()
                yield Mutant(node.lineno, before, broken, start, end)  # type: ignore[attr-defined]


def _functions(tree: ast.Module, names: set[str]) -> Iterator[ast.FunctionDef]:
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    chosen = [node for node in found if not names or node.name in names]
    missing = names - {node.name for node in chosen}
    if missing:
        raise LookupError(f"There is no function {', '.join(missing)}")
    yield from chosen


def _broken(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield from _swapped_comparison(node)
    elif isinstance(node, ast.BoolOp):
        other = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
        yield f"({ast.unparse(ast.BoolOp(other, node.values))})"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield f"bool({ast.unparse(node.operand)})"
    elif isinstance(node, ast.BinOp):
        yield from _swapped_arithmetic(node)
    elif isinstance(node, ast.AugAssign) and type(node.op) in ARITHMETIC:
        other_way = ARITHMETIC[type(node.op)]()
        yield ast.unparse(ast.AugAssign(node.target, other_way, node.value))
    elif _is_statement(node):
        yield "pass"


def _is_statement(node: ast.AST) -> bool:
    """Tell whether a line does something by itself: a call or a refusal."""
    return isinstance(node, ast.Raise) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    )


def _swapped_arithmetic(node: ast.BinOp) -> Iterator[str]:
    is_text = isinstance(node.left, ast.JoinedStr | ast.Constant)
    if type(node.op) in ARITHMETIC and not is_text:
        yield f"({ast.unparse(ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right))})"


def _swapped_comparison(node: ast.Compare) -> Iterator[str]:
    swapped = COMPARISONS[type(node.ops[0])]()
    yield f"({ast.unparse(ast.Compare(node.left, [swapped], node.comparators))})"
