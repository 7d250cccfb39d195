"""No pattern of ours can be made to work for seconds by a text that a stranger chooses.

Every pattern that a module of the application holds is tried on texts that repeat what patterns
stumble over. Four times the text may take four times the time, not sixteen times.
"""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import app

SHORT, LONG = 4_000, 16_000
NOTICEABLE = 0.02  # seconds: what is quicker than that for the long text harms nobody
MOST = 9  # times the time for four times the text: between 4 and 16
BITS = (
    *" \t\naA1-.,'\"\\*=/:@;",
    *("token", "password", "token=", "bearer ", "basic\t", "a://", "a://b:", "api_key", "://"),
    *("1 ", "1-", "1,1", "1.1", "a@a.", "(01)", "*1", "x 1", "; ", "\u00d7 ", "0E+", "_x"),
)  # fmt: skip
END = ("", "\x00", "@")
# How the application asks a pattern; all the others begin at every character, as `search` does.
ONCE = {"match", "fullmatch"}


def patterns() -> Iterator[tuple[str, "re.Pattern[str]"]]:
    """Give every pattern on text, by the name of its module and its own."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                yield f"{module.name}.{name}", value


PATTERNS = dict(patterns())
SOURCE = "\n".join(path.read_text() for path in Path(app.__path__[0]).rglob("*.py"))


def ways(name: str) -> tuple[str, ...]:
    """Give how the application uses a pattern; in every way, if that cannot be seen."""
    used = set(re.findall(rf"\b{name.rpartition('.')[2]}\.(\w+)\(", SOURCE)) - {"compile"}
    return tuple({way if way in ONCE else "search" for way in used}) or (*ONCE, "search")


def seconds(pattern: "re.Pattern[str]", text: str, how: tuple[str, ...]) -> float:
    """Measure the quickest of some tries: what disturbs the machine makes it only slower."""
    took = []
    for _ in range(3):
        began = time.process_time()
        for way in how:
            getattr(pattern, way)(text)
        took.append(time.process_time() - began)
        if took[-1] < NOTICEABLE:
            break
    return min(took)


def slow_texts(pattern: "re.Pattern[str]", how: tuple[str, ...]) -> list[str]:
    """Give the beginnings of texts whose time grows faster than they do."""
    found = []
    for bit in BITS:
        for end in END:
            short, long = (bit * (size // len(bit)) + end for size in (SHORT, LONG))
            took = seconds(pattern, long, how)
            if took > NOTICEABLE and took > MOST * seconds(pattern, short, how):
                found.append(f"{bit!r}… {end!r}: {took:.2f} s")
    return found


@pytest.mark.parametrize("name", PATTERNS)
def test_matching_grows_as_the_text_does(name: str) -> None:
    assert slow_texts(PATTERNS[name], ways(name)) == []


def test_the_law_sees_a_quadratic_pattern() -> None:
    assert slow_texts(re.compile(r"a+b"), ("search",)) != []
    assert len(PATTERNS) > 20
    assert ways("app.core.logs.BEARER") == ("search",)
