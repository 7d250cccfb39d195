"""Encoding a code as bars or modules. Libraries encode; what we draw are their ones and zeros.

A code that begins with FNC1 is a GS1 one: its elements follow, each of no fixed length ended by
FNC1 unless it is the last.

Sizes are those of the standards: Code 128 ISO/IEC 15417, EAN-13 the GS1 General Specifications
(5.2.3), QR ISO/IEC 18004, Data Matrix ISO/IEC 16022.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.labels.drawing.dots import least_dots
from app.labels.drawing.errors import Unprintable

FNC1 = "\x1d"  # as scanners send it
KEPT = 4096  # symbols that are remembered: copies and reprints need them again
GTIN = 13
FIXED = {"01": 14, "11": 6, "15": 6, "17": 6}  # length of elements; others end with FNC1
QR_CORRECTION = "m"  # 15 %: dirt and scratches of a warehouse


@dataclass(frozen=True, slots=True)
class Symbol:
    """Modules of one symbol, row by row from the top; a linear one has a single row."""

    rows: tuple[str, ...]
    quiet: tuple[int, int]  # modules that stay white left and right; also above and below
    text: str  # as people read it

    @property
    def is_linear(self) -> bool:
        """Tell whether bars may be of any height."""
        return len(self.rows) == 1

    @property
    def width(self) -> int:
        """Modules from the first to the last dark one."""
        return len(self.rows[0])

    @property
    def full_width(self) -> int:
        """Modules with the quiet zones."""
        return self.width + sum(self.quiet)

    @property
    def runs(self) -> list[tuple[int, int, int]]:
        """The dark modules that touch each other in a row: row, first module, how many."""
        return [(y, x, n) for y, row in enumerate(self.rows) for x, n in _dark(row)]


@dataclass(frozen=True, slots=True)
class Symbology:
    """A kind of symbol. `module` is the narrowest bar or module that is printed, mm."""

    key: str
    label: str
    module: float
    encode: Callable[[str], Symbol]

    def module_dots(self, dpi: int) -> int:
        """Its narrowest module in dots of a printer, never narrower than `module`."""
        return least_dots(self.module, dpi)


def _dark(row: str) -> list[tuple[int, int]]:
    runs, start = [], row.find("1")
    while start >= 0:
        end = row.find("0", start)
        end = len(row) if end < 0 else end
        runs.append((start, end - start))
        start = row.find("1", end)
    return runs


def _code128(code: str) -> Symbol:
    from barcode.codex import Code128, Gs1_128  # noqa: PLC0415  (loads Pillow: only to print)

    _refuse_unprintable(code)
    if not code.startswith(FNC1):
        return Symbol((Code128(code).build()[0],), (10, 10), code)
    elements = code[1:].replace(FNC1, Gs1_128.FNC1_CHAR)
    return Symbol((Gs1_128(elements).build()[0],), (10, 10), _bracketed(code))


def _ean13(code: str) -> Symbol:
    from barcode.ean import EuropeanArticleNumber13  # noqa: PLC0415  (see above)

    if len(code) != GTIN or not (code.isascii() and code.isdigit()):
        raise Unprintable(f"An EAN-13 has 13 digits, which “{code}” has not.")
    encoded = EuropeanArticleNumber13(code)
    if encoded.ean != code:
        raise Unprintable(f"The check digit of {code} is wrong: it would be {encoded.ean[-1]}.")
    return Symbol((encoded.build()[0],), (11, 7), f"{code[0]} {code[1:7]} {code[7:]}")


def _qr(code: str) -> Symbol:
    import segno  # noqa: PLC0415  (only where it prints)

    _refuse_empty(code)
    text = _bracketed(code)  # segno writes no FNC1; what reads ours reads brackets
    try:
        encoded = segno.make_qr(text, error=QR_CORRECTION, boost_error=False)
    except segno.DataOverflowError as error:
        raise Unprintable("The code is too long for a QR code.") from error
    return Symbol(tuple("".join(map(str, row)) for row in encoded.matrix), (4, 4), text)


def _datamatrix(code: str) -> Symbol:
    from pystrich.datamatrix import FNC1 as MARK  # noqa: PLC0415
    from pystrich.datamatrix import DataMatrixData, DataMatrixEncoder  # noqa: PLC0415
    from pystrich.exceptions import PyStrichInvalidInput  # noqa: PLC0415  (loads Pillow)

    _refuse_empty(code)
    try:
        parts = _parted(code, MARK)
        encoded_text = DataMatrixData(*parts, auto_encoding=True)
        encoded = DataMatrixEncoder(encoded_text, quiet_zone=0).init_renderer()
    except PyStrichInvalidInput as error:
        raise Unprintable("The code cannot be written as a Data Matrix.") from error
    rows = tuple("".join("1" if cell else "0" for cell in row) for row in encoded.matrix)
    return Symbol(rows, (2, 2), _bracketed(code))


def _parted(code: str, mark: Any) -> list[Any]:
    """A code as its texts with the mark in place of each FNC1."""
    first, *rest = code.split(FNC1)
    return [first, *(part for text in rest for part in (mark, text))]


def _bracketed(code: str) -> str:
    """Write the elements of a GS1 code as people read them, each identifier in brackets."""
    if not code.startswith(FNC1):
        return code
    said, rest = "", code[1:]
    while rest:
        key, rest = rest[:2], rest[2:]
        value = rest[: FIXED[key]] if key in FIXED else rest.partition(FNC1)[0]
        rest = rest[len(value) :].removeprefix(FNC1)
        said += f"({key}){value}"
    return said


def _refuse_empty(code: str) -> None:
    if not code:
        raise Unprintable("There is nothing to encode.")
    if not code.replace(FNC1, "").isprintable():
        raise Unprintable("The code holds a character that cannot be printed.")


def _refuse_unprintable(code: str) -> None:
    _refuse_empty(code)
    if wrong := [letter for letter in code if not letter.isascii()]:
        raise Unprintable(f"Code 128 has no “{wrong[0]}”. A QR code or a Data Matrix has.")


SYMBOLOGIES = {
    one.key: one
    for one in (
        Symbology("code128", "Code 128", 0.25, _code128),
        Symbology("ean13", "EAN-13", 0.33, _ean13),
        Symbology("qr", "QR code", 0.3, _qr),
        Symbology("datamatrix", "Data Matrix", 0.3, _datamatrix),
    )
}


@lru_cache(maxsize=KEPT)
def encoded(symbology: str, code: str) -> Symbol:
    """Encode a code.

    Raises:
        Unprintable: It cannot be encoded so, with the reason.
    """
    return SYMBOLOGIES[symbology].encode(code)
