"""Charts on paper: every figure has its shape, whatever figures there are."""

from decimal import Decimal
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from app.core.pages.charts import Chart, Series
from app.reports.drawing import svg_of

FIGURES = st.one_of(
    st.none(), st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False)
)


def chart(
    *values: tuple[Decimal | None, ...], kind: Literal["line", "bar", "heat"] = "bar"
) -> Chart:
    series = tuple(Series(f"Series {number}", each) for number, each in enumerate(values))
    names = tuple(f"<{place}>" for place in range(len(values[0])))
    return Chart(kind, "Figures", "Place", names, series, "kg")


def test_each_figure_has_a_bar_and_names_stay_text() -> None:
    drawing = svg_of(chart((Decimal(1), None, Decimal(-3)), (Decimal(2), Decimal(0), None)))

    assert drawing.count("<rect") == 4 + 2  # and two of the legend
    assert "&lt;0&gt;" in drawing
    assert "<0>" not in drawing


def test_a_line_breaks_where_there_is_no_figure() -> None:
    drawing = svg_of(chart((Decimal(1), Decimal(2), None, Decimal(3)), kind="line"))

    assert drawing.count("<circle") == 3
    [path] = [part for part in drawing.split("<path") if 'stroke-width="1.8' in part]
    assert path.split('"')[1].count("M") == 2


def test_without_figures_there_is_no_drawing() -> None:
    assert svg_of(chart((None, None))) == ""


@given(st.lists(FIGURES, min_size=1, max_size=40).map(tuple), st.sampled_from(["line", "bar"]))
def test_all_of_it_stands_within_the_picture(
    values: tuple[Decimal | None, ...], kind: Literal["line", "bar"]
) -> None:
    drawing = svg_of(chart(values, kind=kind))

    places = [float(part.split('"')[1]) for part in drawing.split(" y=")[1:]]
    assert all(0 <= place <= 250 for place in places)
