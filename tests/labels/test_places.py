"""Where labels are on the paper."""

import pytest
from PIL import ImageChops, ImageOps

from app.labels.drawing.contents import LabelContent
from app.labels.drawing.dots import dot
from app.labels.drawing.formats import BUILT_IN
from app.labels.drawing.symbols import SYMBOLOGIES
from tests.labels.reading import printed, rasters, read, words

PLACES = [  # sheet, label, left edge of the label: margin and columns before it (mm)
    ("L7160", 1, 7.21),
    ("L7160", 21, 7.21 + 2 * 66.04),
    ("L7163", 14, 4.67 + 101.6),
    ("5160", 30, 4.76 + 2 * 69.85),
    ("57x32", 1, 0.0),
]


@pytest.mark.parametrize(("name", "cell", "left"), PLACES)
@pytest.mark.parametrize("dpi", [203, 300])
def test_bars_stand_in_the_middle_of_their_label(
    app: object, name: str, cell: int, left: float, dpi: int
) -> None:
    format_, bars = BUILT_IN[name], 123 * SYMBOLOGIES["code128"].module_dots(dpi) * dot(dpi)

    pdf = printed([LabelContent(code="MIDDLE-1")], format_, dpi=dpi, start_cell=cell)

    (picture,) = rasters(pdf, dpi)
    ink = ImageOps.invert(picture).point(lambda value: 255 if value > 127 else 0)
    first, _top, last, _bottom = ink.getbbox() or (0, 0, 0, 0)
    assert last * dot(dpi) - first * dot(dpi) == pytest.approx(bars, abs=0.1)
    expected = left + (format_.size[0] - bars) / 2
    assert first * dot(dpi) == pytest.approx(expected, abs=0.1)


def test_a_nudge_moves_everything(app: object) -> None:
    face, format_ = LabelContent(code="NUDGED", title="Kettle"), BUILT_IN["L7160"]

    (before,) = rasters(printed([face], format_), 203)
    (after,) = rasters(printed([face], format_, offset=(1.5, -0.75)), 203)

    moved = ImageChops.offset(before, 12, -6)  # dots of 0.125 mm
    different = ImageChops.difference(moved, after).point(lambda value: value > 127)
    assert different.getbbox() is None  # but for the edges of letters, which are not in dots


def test_labels_go_on_from_the_start_cell_onto_the_next_page(app: object) -> None:
    faces = [LabelContent(code=f"CELL-{number}") for number in range(4)]

    found = read(printed(faces, BUILT_IN["L7160"], start_cell=20), 203)

    by_code = {one.text: one for one in found}
    assert [by_code[f"CELL-{n}"].page for n in range(4)] == [1, 1, 2, 2]
    assert by_code["CELL-0"].left < by_code["CELL-1"].left  # the last two of the last row
    assert by_code["CELL-2"].top < by_code["CELL-0"].top


def test_what_people_read_is_on_every_label(app: object) -> None:
    face = LabelContent(
        code="4006381333931",
        title="Pour-over kettle",
        lines=("SKU KETTLE",),
        aside="12.50 EUR",
    )

    for name, format_ in BUILT_IN.items():
        said = words(printed([face], format_, symbology="ean13"))

        for word in ("Pour-over kettle", "SKU KETTLE", "4 006381 333931", "12.50 EUR"):
            assert word in said, name


def test_a_long_title_ends_in_dots_and_leaves_the_bars_alone(app: object) -> None:
    face = LabelContent(code="LONG-1", title="Stainless steel pour-over gooseneck kettle, " * 5)

    pdf = printed([face], BUILT_IN["L7160"])

    assert "…" in words(pdf)
    assert [one.text for one in read(pdf, 203)] == ["LONG-1"]


def test_a_tote_has_its_number_on_a_band(app: object) -> None:
    face = LabelContent(code="TOTE-17", band="blue", number="17", is_big=True)

    pdf = printed([face], BUILT_IN["57x32"])

    assert [one.text for one in read(pdf, 203)] == ["TOTE-17"]
    assert "17" in words(pdf)
    assert "blue" in words(pdf)
