"""What is a barcode, what is a damaged number, and what is the same code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from stdnum import ean

from app.catalog.barcodes import barcode_key, is_gtin, is_wrong_gtin, parse_barcode
from app.core.db import db

DIGITS = st.text("0123456789", min_size=1, max_size=20)
CODES = DIGITS | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


def gtin(body: str) -> str:
    return body + ean.calc_check_digit(body)


@given(code=CODES)
def test_the_key_is_the_same_in_python_and_in_the_database(code: str) -> None:
    assert barcode_key(code) == db.session.scalar(select(func.barcode_key(code)))


@given(
    body=st.sampled_from([7, 11, 12, 13]).flatmap(
        lambda n: st.text("123456789", min_size=n, max_size=n)
    )
)
def test_a_gtin_is_taken_as_typed_and_known_in_all_its_lengths(body: str) -> None:
    code = gtin(body)

    assert parse_barcode(code) == code
    assert barcode_key(code) == barcode_key(code.zfill(14))


@given(
    body=st.sampled_from([11, 12, 13]).flatmap(
        lambda n: st.text("123456789", min_size=n, max_size=n)
    ),
    place=st.integers(0, 10),
    change=st.integers(1, 9),
)
def test_one_wrong_digit_is_refused(body: str, place: int, change: int) -> None:
    code = gtin(body)
    wrong = code[:place] + str((int(code[place]) + change) % 10) + code[place + 1 :]

    with pytest.raises(ValueError, match="check digit"):
        parse_barcode(wrong)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("  036000291452 ", "036000291452"),
        ("4 006381 333931", "4006381333931"),
        ("978-0-13-468599-1", "9780134685991"),
        ("00000000959742", "00000000959742"),
        ("BX 12-7", "BX 12-7"),
        ("12-34", "12-34"),
        ("12E5", "12E5"),
        ("007", "007"),
        ("96385074", "96385074"),  # GTIN-8
        ("04252614", "04252614"),  # UPC-E of 042100005264
        ("01648700", "01648700"),  # UPC-E of 016000004870
        ("06848718", "06848718"),  # UPC-E of 068100004878
        ("08587333", "08587333"),  # UPC-E of 085800000733
        ("09173440", "09173440"),  # UPC-E of 091730000040
    ],
)
def test_a_code_is_kept(text: str, code: str) -> None:
    assert parse_barcode(text) == code


@pytest.mark.parametrize(
    "text", ["5.65E+12", "5,65e+12", "5.65E12", "4E+12", "4006381333931.0"]
)
def test_a_number_that_a_spreadsheet_destroyed_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="spreadsheet has shortened"):
        parse_barcode(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("  ", "missing"),
        ("x" * 81, "at most 80"),
        ("AB\x00C", "control character"),
        ("00000000000000", "check digit"),
        ("96385075", "put a letter before it"),
        ("21812819", "put a letter before it"),
    ],
)
def test_what_is_no_code_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_barcode(text)


@given(
    code=st.sampled_from([12, 13, 14]).flatmap(
        lambda n: st.text("0123456789", min_size=n, max_size=n)
    ),
    is_right=st.booleans(),
)
def test_a_gtin_is_what_another_library_takes_for_one(code: str, is_right: bool) -> None:
    code = gtin(code[:-1]) if is_right else code
    expected = ean.is_valid(code) and bool(code.strip("0"))

    assert is_gtin(code) is expected
    assert is_wrong_gtin(code) is not expected
