"""Where the columns of a record are met: forms, pages, documents, files, the API."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

import marshmallow as ma
from flask import Flask
from jinja2 import nodes
from sqlalchemy import inspect

from app.core.pages import RecordPage
from app.imports.definition import Importer

# Every row has them, and nobody types them.
OF_EVERY_ROW = {"id", "created_at", "updated_at", "version"}


def columns(model: type[Any]) -> set[str]:
    """What is kept of a record, without what PostgreSQL computes."""
    found = inspect(model).column_attrs
    return {attr.key for attr in found if attr.columns[0].computed is None} - OF_EVERY_ROW


def in_form(form: type[Any], *, called: Mapping[str, str]) -> set[str]:
    """The columns that a form asks for; some have another name there."""
    with_fields = {n for n in dir(form) if hasattr(getattr(form, n), "field_class")}
    return {called.get(name, name) for name in with_fields}


def in_schema(schema: type[ma.Schema]) -> set[str]:
    """The columns that programs read or write, also within an address."""
    return {*_names(schema())}


def _names(schema: ma.Schema) -> Iterator[str]:
    for name, field in schema.fields.items():
        yield field.attribute or name
        if isinstance(field, ma.fields.Nested):
            yield from _names(field.schema)


def in_file(importer: Importer, *, called: Mapping[str, str]) -> set[str]:
    """The columns that a file brings and an export takes: they are one list."""
    return {called.get(field.name, field.name) for field in importer.fields}


def in_templates(app: Flask, names: Iterable[str], variable: str) -> set[str]:
    """What templates, and those they include, say of a variable: `order.notes`."""
    said: set[str] = set()
    todo, done = [*names], set()
    while todo:
        name = todo.pop()
        if name not in done:
            done.add(name)
            tree = app.jinja_env.parse((Path("templates") / name).read_text())
            todo += included(tree)
            said |= _attributes(tree, variable) | _items(tree, variable)
    return said


def in_page(app: Flask, endpoint: str, variable: str) -> set[str]:
    """What the page of a record says of it: in its body, and at its head."""
    view: Any = app.view_functions[endpoint]
    page: RecordPage = view.page
    head = (page.heading, page.title, page.subtitle)
    parsed = [one for text in head if isinstance(text, str) for one in Formatter().parse(text)]
    named = {name.removeprefix("0.") for _text, name, _spec, _conversion in parsed if name}
    return named | in_templates(app, [page.body], variable)


def _attributes(tree: nodes.Node, variable: str) -> set[str]:
    """`order.notes`."""
    found = tree.find_all(nodes.Getattr)
    return {node.attr for node in found if _is_named(node.node, variable)}


def _items(tree: nodes.Node, variable: str) -> set[str]:
    """`form[name]`, in a loop over names that are written there."""
    said: set[str] = set()
    for loop in tree.find_all(nodes.For):
        found = [
            node for node in loop.find_all(nodes.Getitem) if _is_named(node.node, variable)
        ]
        if isinstance(loop.iter, nodes.List) and found:
            said |= {n.value for n in loop.iter.items if isinstance(n, nodes.Const)}
    return said


def _is_named(node: nodes.Node, variable: str) -> bool:
    return isinstance(node, nodes.Name) and node.name == variable


def included(tree: nodes.Template) -> list[str]:
    """The templates that one includes, and the one that it extends."""
    others: list[Any] = [*tree.find_all(nodes.Include), *tree.find_all(nodes.Extends)]
    found = [node.template for node in others]
    return [node.value for node in found if isinstance(node, nodes.Const)]


def spread(said: set[str], parts: Mapping[str, Iterable[str]]) -> set[str]:
    """Name the columns that something else stands for: a supplier for its id."""
    return said | {column for name in said & parts.keys() for column in parts[name]}
