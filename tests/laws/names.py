"""Every name that our code defines, and where: what the law of the glossary looks at."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOTS = ("app", "templates", "static/js", "tests", "bench")
ENDINGS = (".py", ".html", ".js")
# `function x`, `class X`, `const x =`; and what is taken apart: `{ a, b: c } =`, `[a, b] =`
DEFINED_IN_JS = re.compile(r"\b(?:function|class|const|let)\s+(\w+|[\[{][^=]*[\]}]\s*=)")
WORD = re.compile(r"[A-Za-z_]\w*")
PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


class Name(NamedTuple):
    """A name, and the file that defines it. A file's own name has its ending with it."""

    text: str
    path: Path


@cache
def parts(name: str) -> frozenset[str]:
    """Give its words: `lock_balances` and `holdBalances` have the same two."""
    return frozenset(part.lower() for part in PART.findall(name))


def all_names() -> Iterator[Name]:
    """Give every name, file by file."""
    for root in ROOTS:
        for path in sorted(Path(root).rglob("*")):
            if path.suffix in ENDINGS:
                yield from names_of(path)


def names_of(path: Path) -> Iterator[Name]:
    """Give a file's own name, those of its folders, and each name inside once."""
    inside = DEFINED.get(path.suffix, _nothing)(path.read_text())
    for text in {path.name, *path.parts[:-1], *inside}:
        yield Name(text, path)


def defined_in_python(source: str) -> Iterator[str]:
    """Give what is defined; what is merely used is defined elsewhere, or is not ours."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name) | ast.arg(arg=name) | ast.alias(asname=str(name)):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name


def defined_in_js(source: str) -> Iterator[str]:
    """Give what is declared; parameters of functions are left out."""
    for declared in DEFINED_IN_JS.findall(source):
        yield from WORD.findall(declared)


def _nothing(_source: str) -> Iterator[str]:
    yield from ()


DEFINED = {".py": defined_in_python, ".js": defined_in_js}
