"""The field's words: those that docs/glossary.md says are out do not come back."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.laws.names import Name, all_names, defined_in_js, defined_in_python, parts

GLOSSARY = Path("docs/glossary.md")
ROW = re.compile(r"^\| (`.+`) \| (.*?) ?\| (.+) \|$", re.MULTILINE)


class Out(NamedTuple):
    """A word that is out, below which folders, and what to say instead."""

    word: str
    folders: tuple[str, ...]
    instead: str

    def forbids(self, name: Name) -> bool:
        return is_meant(self.word, name.text) and self._is_here(name.path)

    def _is_here(self, path: Path) -> bool:
        return not self.folders or any(path.is_relative_to(folder) for folder in self.folders)


@cache
def is_meant(word: str, name: str) -> bool:
    """Tell whether a word of the table is that name, or a part of it."""
    if word.isalpha() and word.islower():
        return word in parts(name)
    if word.endswith("*"):
        return any(part.startswith(word[:-1]) for part in parts(name))
    return name == word.removesuffix("()")


def words_out() -> Iterator[Out]:
    for words, folders, instead in ROW.findall(GLOSSARY.read_text()):
        for word in re.findall(r"`([^`]+)`", words):
            yield Out(word, tuple(folders.split()), instead)


def test_no_name_uses_a_word_that_is_out() -> None:
    out = list(words_out())
    found = {
        f"{name.path}: {name.text} (say: {word.instead})"
        for name in all_names()
        for word in out
        if word.forbids(name)
    }
    assert sorted(found) == []


def test_the_table_of_words_that_are_out_is_read() -> None:
    words = {out.word: out for out in words_out()}

    assert words["walk*"].folders == ()
    assert words["Spot"].folders == ("app", "tests/stock")
    assert words["Spot"].instead == "LockedBalance, BalanceKey, PostedBalance"


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("walk*", "_next_walk"),
        ("walk*", "test_two_tablets_walking"),
        ("walk*", "walk.py"),
        ("walk*", "WALKED"),
        ("promis*", "PromisesInTheWay"),
        ("promis*", "stillPromised"),
        ("tell()", "tell"),
        ("Entry", "Entry"),
        ("finding.py", "finding.py"),
    ],
)
def test_a_name_with_a_word_that_is_out_is_found(word: str, name: str) -> None:
    assert Out(word, (), "").forbids(Name(name, Path("app/stock/some.py")))


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("walk*", "sidewalk"),
        ("promis*", "compromise"),
        ("tell()", "teller"),
        ("tell()", "tell_frozen"),
        ("Entry", "AuditEntry"),
        ("finding.py", "finding"),
    ],
)
def test_a_name_that_only_resembles_it_is_left_alone(word: str, name: str) -> None:
    assert not Out(word, (), "").forbids(Name(name, Path("app/stock/some.py")))


def test_a_word_may_be_out_in_some_folders_only() -> None:
    out = Out("Facts", ("app/stock",), "")

    assert out.forbids(Name("Facts", Path("app/stock/ledger/facts.py")))
    assert not out.forbids(Name("Facts", Path("app/core/metrics.py")))


def test_python_names_are_those_that_are_defined() -> None:
    source = """
import os as system
class Kind:
    size: int = 1
    def grow(self, by):
        self.grown = [step for step in os.walk(by)]
"""
    assert set(defined_in_python(source)) == {
        "system", "Kind", "size", "grow", "self", "by", "grown", "step",
    }  # fmt: skip


def test_js_names_are_those_that_are_declared() -> None:
    source = "function a() {} const { b, c } = d(); let e = 1; class F {} g.h();"

    assert set(defined_in_js(source)) == {"a", "b", "c", "e", "F"}
