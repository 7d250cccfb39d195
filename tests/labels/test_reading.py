"""What we print decodes: with another library, at the resolution of the printer."""

from datetime import date

import pytest

from app.catalog.scan_codes import read_scan
from app.labels.drawing.contents import LabelContent
from app.labels.drawing.dots import dot
from app.labels.drawing.formats import BUILT_IN
from app.labels.drawing.symbols import FNC1, SYMBOLOGIES
from tests.labels.reading import printed, rasters, read, texts

CODES = {
    "code128": ["A-01-1", "1234567890", "Ab 12345 c~"],
    "ean13": ["4006381333931", "0012345678905", "2000000000008"],
    "qr": ["A-01-1", "Mühle & Söhne 日本", "https://example.com/p/4006381333931"],
    "datamatrix": ["A-01-1", "KETTLE-GOOSE-1200-BLK", "0123456789"],
}


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("symbology", SYMBOLOGIES)
@pytest.mark.parametrize("name", BUILT_IN)
def test_every_symbology_decodes_on_every_format(
    app: object, name: str, symbology: str, dpi: int
) -> None:
    faces = [
        LabelContent(code=code, title="Pour-over kettle, 1.2 litres")
        for code in CODES[symbology]
    ]

    found = read(printed(faces, BUILT_IN[name], symbology=symbology, dpi=dpi), dpi)

    assert sorted(one.text for one in found) == sorted(CODES[symbology])
    assert {one.symbology for one in found} == {symbology}


@pytest.mark.parametrize(
    ("symbology", "name"),
    [("code128", "102x152"), ("datamatrix", "50x25"), ("datamatrix", "L7160"), ("qr", "L7160")],
)
def test_the_label_of_a_lot_is_read_as_it_was_meant(
    app: object, symbology: str, name: str
) -> None:
    code, dpi = f"{FNC1}010400638133393121S(1){FNC1}1735013110L-7", 203

    [found] = read(printed([LabelContent(code=code)], BUILT_IN[name], symbology=symbology), dpi)

    scanned = read_scan(found.text)
    assert (scanned.code, scanned.lot, scanned.serial) == (
        "4006381333931",
        "L-7",
        "S(1)",
    )
    assert scanned.expires_on == date(2035, 1, 31)


def test_whole_sheets_decode(app: object) -> None:
    codes, dpi = [f"SKU-{number:04}" for number in range(50)], 300

    pdf = printed(
        [LabelContent(code=code, title=code) for code in codes], BUILT_IN["L7160"], dpi=dpi
    )

    assert texts(pdf, dpi) == dict.fromkeys(codes, 1)


@pytest.mark.parametrize(
    ("name", "symbology", "dpi", "module"),
    [
        ("L7160", "code128", 203, 2),
        ("L7160", "ean13", 203, 3),
        ("5160", "code128", 300, 3),
        ("5160", "ean13", 300, 4),
        ("102x152", "code128", 203, 2),
    ],
)
def test_bars_are_whole_dots_with_sharp_edges(
    app: object, name: str, symbology: str, dpi: int, module: int
) -> None:
    """A row of dots through the bars: black and white only, in multiples of the module.

    These pages are whole dots themselves; PDFium stretches others by the part that is missing.
    """
    face, format_ = LabelContent(code="4006381333931", title="Pen"), BUILT_IN[name]
    pdf = printed([face], format_, symbology=symbology, dpi=dpi, start_cell=format_.cells)
    one = read(pdf, dpi)[0]
    (picture,) = rasters(pdf, dpi)

    middle = round((one.top + one.bottom) / 2 / dot(dpi))
    row = [_sharp(picture.getpixel((x, middle))) for x in range(picture.width)]
    runs = _runs(row)

    assert len(runs) > 20
    assert {length % module for length in runs} == {0}
    assert min(runs) == module


def _sharp(value: int) -> int:
    """Black or white; PDFium misses pure white by one."""
    assert value <= 1 or value >= 254
    return 0 if value <= 1 else 255


def _runs(row: list[int]) -> list[int]:
    """Lengths of what is black, and white between it."""
    first, last = row.index(0), len(row) - row[::-1].index(0)
    lengths, before = [0], 0
    for value in row[first:last]:
        if value != before:
            lengths.append(0)
        lengths[-1] += 1
        before = value
    return lengths


def test_the_quiet_zones_stay_white(app: object) -> None:
    """Even when the bars fill the label: ten modules on either side are left."""
    code = "A" * 11
    (picture,) = rasters(printed([LabelContent(code=code)], BUILT_IN["50x25"]), 203)
    row = [picture.getpixel((x, picture.height // 2)) for x in range(picture.width)]

    first, last = row.index(0), len(row) - row[::-1].index(0)

    assert first * dot(203) >= 2.5
    assert (len(row) - last) * dot(203) >= 2.5
