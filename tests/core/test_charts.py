"""Charts: one set of figures, as JSON for the drawing and as rows for the table."""

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from app.core.pages.charts import COLOURS, Chart, Series

D = Decimal


def chart(*values: Decimal | None, **changes: Any) -> Chart:
    given: dict[str, Any] = {
        "kind": "line",
        "title": "On hand",
        "category_label": "Bin",
        "categories": tuple(f"A-{number}" for number in range(len(values))),
        "series": (Series("Here", values),),
    }
    return Chart(**(given | changes))


def html_of(app: Flask, shown: Chart) -> str:
    with app.test_request_context():
        ui: Any = app.jinja_env.globals["ui"]
        return str(ui.chart(shown, "here", advice="Receive goods."))


def test_the_drawing_has_the_figures_of_the_table() -> None:
    shown = chart(D("1234.500"), D(-3), None)

    drawn = json.loads(shown.figures)["series"][0]["values"]

    assert drawn == ["1234.5", "-3", None]
    assert [figures for _, figures in shown.rows] == [("1,234.5",), ("-3",), ("—",)]


def test_no_digit_of_a_large_figure_is_lost() -> None:
    assert '"9999999999.999"' in chart(D("9999999999.999")).figures


def test_money_has_its_decimals_and_more_only_where_there_are_more() -> None:
    shown = chart(D(5), D("0.0125"), decimals=2)

    assert [figures for _, figures in shown.rows] == [("5.00",), ("0.0125",)]


def test_days_are_written_in_full_in_the_table_and_short_below_the_axis() -> None:
    shown = chart(D(1), D(2), categories=(date(2026, 8, 9), date(2026, 8, 10)))

    assert json.loads(shown.figures)["ticks"] == ["9 Aug", "10 Aug"]
    assert [day for day, _ in shown.rows] == ["2026-08-10", "2026-08-09"]


def test_series_that_add_up_have_a_total_in_the_table() -> None:
    two = (Series("Ann", (D(1), None)), Series("Bob", (D(2), D(4))))

    shown = chart(D(0), D(0), series=two, is_stacked=True)

    assert [figures for _, figures in shown.rows] == [("1", "2", "3"), ("—", "4", "4")]


def test_it_is_spoken_in_a_sentence_for_each_series() -> None:
    shown = chart(D(7), D(2), D(4), unit="kg")

    assert shown.spoken == "Line chart: On hand. Here: lowest 2, highest 7, last 4."
    assert json.loads(shown.figures)["unit"] == "kg"


def test_pieces_go_without_saying() -> None:
    assert json.loads(chart(D(1), unit="pcs").figures)["unit"] == ""


def test_a_series_needs_a_value_for_each_category() -> None:
    with pytest.raises(ValueError, match="one value for each"):
        chart(D(1), D(2), categories=("A",))


def test_no_more_series_than_colours() -> None:
    with pytest.raises(ValueError, match="told apart"):
        chart(D(1), series=tuple(Series(str(n), (D(n),)) for n in range(COLOURS + 1)))


@pytest.mark.parametrize("series", [(), (Series("Here", (None,)),)])
def test_without_figures_it_says_what_to_do(app: Flask, series: tuple[Series, ...]) -> None:
    html = html_of(app, chart(D(0), series=series))

    assert "Receive goods." in html
    assert "<chart-canvas" not in html
    assert "data-chart-switch" not in html


def test_names_cannot_break_out_of_the_page(app: Flask) -> None:
    name = """"><script>alert('1')</script>"""

    html = html_of(app, chart(D(1), series=(Series(name, (D(1),)),), categories=(name,)))

    assert "<script" not in html
    written = re.findall(r'data-figures="([^"]*)"', html)
    assert len(written) == 1
    assert "&lt;script&gt;" in written[0]


def test_the_table_has_heads_for_rows_and_columns(app: Flask) -> None:
    html = html_of(app, chart(D(1), D("2.5"), unit="kg"))

    assert len(re.findall(r'<th scope="row"', html)) == 2
    assert re.findall(r'<td class="num">(.*?)</td>', html) == ["1", "2.5"]
    assert '<span class="unit">kg</span>' in html


def test_a_heat_map_has_a_row_for_each_series_and_one_colour() -> None:
    days = tuple(Series(str(day), (D(day),)) for day in range(COLOURS + 1))

    heat = chart(D(1), kind="heat", series=days)

    assert heat.spoken.startswith("Heat map")
    assert not heat.has_legend
    assert len(next(iter(heat.rows))[1]) == COLOURS + 1
