"""Templates include others by name, and views ask for them: none names one that has gone."""

import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from jinja2 import meta

TEMPLATES = Path("templates")
NAME = re.compile(r"[\"']((?:[a-z_0-9]+/)+[a-z_0-9]+\.html)(?::[a-z_]+)?[\"']")


def named_in_templates(app: Flask) -> Iterator[str]:
    for path in TEMPLATES.rglob("*.html"):
        tree = app.jinja_env.parse(path.read_text())
        yield from filter(None, meta.find_referenced_templates(tree))
        yield from NAME.findall(path.read_text())


def named_in_code() -> Iterator[str]:
    for path in Path("app").rglob("*.py"):
        yield from NAME.findall(path.read_text())


def test_a_template_that_is_named_is_there(app: Flask) -> None:
    named = {*named_in_templates(app), *named_in_code()}

    assert {name for name in named if not (TEMPLATES / name).exists()} == set()
    assert len(named) > 100
