"""The rows of a list as a file: the filters, the order and the columns that are shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BytesIO
from itertools import chain, islice
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask import Response, abort, send_file
from sqlalchemy import Select

from app.core.db import db
from app.core.pages.columns import chosen
from app.core.sheets import Format, write_table

if TYPE_CHECKING:
    from app.core.pages.asked import Asked
    from app.core.pages.lists import ListPage

MOST_EXPORTED = 100_000  # rows
FETCHED = 1000
CUT = "There are more rows: these are the first {:,}."


def asked_file(name: str) -> Format | None:
    """Give the kind of file that an address asks for; 404 if it is none of ours."""
    if not name:
        return None
    return Format(name) if name in {form.value for form in Format} else abort(404)


def sent(page: ListPage, asked: Asked, form: Format) -> Response:
    """Answer with the rows as a file; it is whole before the first of it is sent.

    What is sent later is read when the request is over, and its connection given back.
    """
    file = BytesIO()
    write_table(rows(page, asked), form, page.title, file)
    name = f"{page.name}.{form.value}"
    return send_file(file, form.content_type, as_attachment=True, download_name=name)


def rows(page: ListPage, asked: Asked, *, most: int = 0) -> Iterator[list[Any]]:
    """Give the titles, then the rows, then a word if there are too many.

    The list is asked before the first is given: what refuses it does so while an answer can
    still say it.
    """
    most = most or MOST_EXPORTED
    columns = [c for c in chosen(page.columns, asked.columns) if c.is_exported]
    batches = _batches(page, asked, most)
    cells = (
        [_plain(column.exported(row), asked.zone) for column in columns]
        for items in batches
        for row in (page.prepare(items) if page.prepare else items)
    )
    return chain([[column.title for column in columns]], _cut(cells, most))


def _batches(page: ListPage, asked: Asked, most: int) -> Iterable[Any]:
    found = page.in_order(asked, limit=most + 1)
    if not isinstance(found, Select):
        return [found]
    result: Any = db.session.execute(found.execution_options(yield_per=FETCHED))
    return (result if page.is_joined else result.scalars()).partitions()


def _cut(cells: Iterator[list[Any]], most: int) -> Iterator[list[Any]]:
    yield from islice(cells, most)
    if next(cells, None) is not None:
        yield [CUT.format(most)]


def _plain(value: Any, zone: str) -> Any:
    """Write moments as they are where the person is: a spreadsheet knows no zones."""
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)
    return value
