"""What a cell of a list looks like: escaped, and a dash where a figure is not known."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from app.core.pages import Column
from app.core.pages.table_cells import cell_of

NASTY = '<b title="x">&'
SAFE = "&lt;b title=&#34;x&#34;&gt;&amp;"


def drawn(app: Flask, column: Column, *, href: str | None = None, **row: Any) -> str:
    with app.test_request_context():
        return cell_of(column, is_live=True)(SimpleNamespace(**row), href)


@pytest.mark.parametrize("kind", ["text", "code", "badge"])
def test_words_are_escaped(app: Flask, kind: Any) -> None:
    cell = drawn(app, Column(name="word", title="Word", kind=kind), word=NASTY)

    assert SAFE in cell
    assert NASTY not in cell


@pytest.mark.parametrize("kind", ["quantity", "money"])
def test_units_and_the_names_of_live_figures_are_escaped(app: Flask, kind: Any) -> None:
    column = Column(name="n", title="N", kind=kind, unit="unit", live="n-{0.unit}")

    cell = drawn(app, column, n=Decimal("1234.5000"), unit=NASTY)

    assert NASTY not in cell
    assert cell.count(SAFE) == (2 if kind == "quantity" else 1)
    assert "1,234.5" in cell


def test_a_label_and_a_tone_are_escaped_and_a_link_leads_to_the_record(app: Flask) -> None:
    column = Column(name="n", title=NASTY, place="figure", tone=lambda _row: NASTY)

    assert f'<td class="figure {SAFE}" data-label="{SAFE}">' in drawn(app, column, n="x")
    link = replace(column, is_link=True)
    assert f'<a href="/x?{SAFE}">x</a></th>' in drawn(app, link, href=f"/x?{NASTY}", n="x")
    assert "<a" not in drawn(app, link, n="x")


@pytest.mark.parametrize("kind", ["badge", "number", "quantity", "money", "day", "moment"])
def test_what_is_not_known_is_a_dash(app: Flask, kind: Any) -> None:
    assert "—" in drawn(app, Column(name="n", title="N", kind=kind), n=None)


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("number", 1234567, ">1,234,567<"),
        ("quantity", Decimal("5.000"), '<data class="quantity" value="5.000">5</data>'),
        ("money", Decimal("5.5"), '<span class="money">5.50</span>'),
        ("day", date(2026, 11, 29), 'datetime="2026-11-29"'),
        ("moment", datetime(2026, 11, 29, 8, tzinfo=UTC), 'datetime="2026-11-29T08:00:00'),
        ("text", None, '<td data-label="N"></td>'),
    ],
)
def test_values_are_written_as_their_kind_says(
    app: Flask, kind: Any, value: Any, said: str
) -> None:
    assert said in drawn(app, Column(name="n", title="N", kind=kind), n=value)
