"""A form that is refused is shown by app/core/pages: no view does it by hand."""

import ast
from collections.abc import Iterator
from pathlib import Path

HOME = Path("app/core/pages")


def calls_by_hand(source: str) -> Iterator[str]:
    """Give the calls of a form that only an action has to make."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            form = node.func.value
            if node.func.attr == "refuse" and isinstance(form, ast.Name) and form.id == "form":
                yield f"line {node.lineno}"


def test_no_view_refuses_by_hand() -> None:
    found = [
        f"{path}: {line}"
        for path in sorted(Path("app").rglob("*.py"))
        if not path.is_relative_to(HOME)
        for line in calls_by_hand(path.read_text())
    ]

    assert found == []


def test_the_law_sees_a_refusal_by_hand() -> None:
    by_hand = (
        "def update():\n    try:\n        go()\n    except E as e:\n        form.refuse(e)\n"
    )

    assert list(calls_by_hand(by_hand)) == ["line 5"]
