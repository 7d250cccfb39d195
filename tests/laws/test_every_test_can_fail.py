"""A test that only calls something passes whatever it gives: each asserts or expects."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

FOLDERS = (Path("tests"), Path("bridge/tests"))
OTHERS = {"expect", "raises", "fail"}  # of the browser's library and of pytest


class Function(NamedTuple):
    """A function of the tests: whether it asserts by itself, and what it calls by name."""

    name: str
    asserts: bool
    calls: frozenset[str]


def functions(source: str) -> Iterator[Function]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            yield looked_at(node)


def looked_at(function: ast.FunctionDef) -> Function:
    asserts, calls = False, set()
    for node in ast.walk(function):
        match node:
            case ast.Assert():
                asserts = True
            case ast.Call(func=ast.Name(id=name)):
                calls.add(name)
            case ast.Attribute(attr=name) if name in OTHERS:
                calls.add(name)
    return Function(function.name, asserts, frozenset(calls))


def blind(sources: Iterable[str]) -> list[str]:
    """Give the names of tests that check nothing, and call nothing that does."""
    known = [function for source in sources for function in functions(source)]
    seeing = OTHERS | {one.name for one in known if one.asserts}
    while more := {one.name for one in known if one.calls & seeing} - seeing:
        seeing |= more
    return [
        one.name for one in known if one.name.startswith("test_") and one.name not in seeing
    ]


def test_every_test_can_fail() -> None:
    files = [path for folder in FOLDERS for path in folder.rglob("*.py")]

    assert blind(path.read_text() for path in files) == []


def test_a_blind_test_is_found() -> None:
    helper = "def agrees(one):\n    assert one\n"
    seeing = "def test_one():\n    agrees(1)\ndef test_two():\n    with pytest.raises(E): f()\n"

    assert blind([helper, seeing, "def test_three():\n    count(1)\n"]) == ["test_three"]
