"""What can be encoded, and what fits: the rest is an error and never a smaller bar."""

from string import printable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.labels.drawing.contents import LabelContent
from app.labels.drawing.dots import dot, least_dots, most_dots, to_dots
from app.labels.drawing.errors import Unprintable
from app.labels.drawing.formats import BUILT_IN, roll
from app.labels.drawing.placing import place
from app.labels.drawing.symbols import SYMBOLOGIES, encoded
from tests.labels.reading import printed, texts

ASCII = [letter for letter in printable if letter.isprintable()]
ROLL = roll("90x40", "Roll", 90, 40)


@pytest.mark.parametrize("code", ["4006381333930", "400638133393", "40063813339310", "ABC", ""])
def test_only_thirteen_digits_with_the_right_last_one_are_an_ean(code: str) -> None:
    with pytest.raises(Unprintable):
        encoded("ean13", code)


def test_a_wrong_check_digit_says_which_would_be_right() -> None:
    with pytest.raises(Unprintable, match="it would be 1"):
        encoded("ean13", "4006381333930")


@pytest.mark.parametrize("code", ["", "Söhne", "tab\there"])
def test_code_128_takes_printable_ascii_only(code: str) -> None:
    with pytest.raises(Unprintable):
        encoded("code128", code)


def test_a_code_that_is_too_long_for_a_label_is_refused_with_both_widths() -> None:
    with pytest.raises(
        Unprintable, match=r"needs a label 7\d\.\d mm wide; this one has 63.5 mm"
    ):
        place(
            LabelContent(code="KETTLE-GOOSE-LARGE-BLK"),
            size=BUILT_IN["L7160"].size,
            symbology="code128",
            dpi=203,
        )


@pytest.mark.parametrize("symbology", ["qr", "datamatrix"])
def test_a_square_symbol_that_is_too_large_is_refused(symbology: str) -> None:
    with pytest.raises(Unprintable, match="mm for its symbol"):
        place(LabelContent(code="x" * 500), size=(50, 25), symbology=symbology, dpi=203)


def test_too_many_lines_leave_no_room_for_bars() -> None:
    with pytest.raises(Unprintable, match="too low"):
        place(
            LabelContent(code="A", title="A", lines=("b",) * 8),
            size=(57, 32),
            symbology="code128",
            dpi=203,
        )


@pytest.mark.parametrize(("dpi", "code128", "ean13"), [(203, 2, 3), (300, 3, 4), (600, 6, 8)])
def test_the_narrowest_bar_is_the_one_of_the_resolution(
    dpi: int, code128: int, ean13: int
) -> None:
    assert SYMBOLOGIES["code128"].module_dots(dpi) == code128
    assert SYMBOLOGIES["ean13"].module_dots(dpi) == ean13


def test_dots_are_counted_whole() -> None:
    assert dot(203) == 0.125
    assert to_dots(0.19, 203) == 2
    assert (most_dots(0.375, 203), most_dots(0.374, 203)) == (3, 2)
    assert (least_dots(0.375, 203), least_dots(0.376, 203)) == (3, 4)


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("symbology", ["code128", "qr", "datamatrix"])
@given(codes=st.sets(st.text(ASCII, min_size=1, max_size=20), min_size=5, max_size=5))
@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_text_that_fits_decodes_to_itself(
    app: object, symbology: str, dpi: int, codes: set[str]
) -> None:
    pdf = printed(
        [LabelContent(code=code) for code in codes], ROLL, symbology=symbology, dpi=dpi
    )

    assert texts(pdf, dpi) == dict.fromkeys(codes, 1)
