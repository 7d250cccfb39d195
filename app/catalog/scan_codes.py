"""Reading what a scanner sends: a code on the goods, or a GS1 code with lot, date and serial.

GS1 codes hold several elements, each after its application identifier: 01 the GTIN, 10 the
lot, 11 the day it was made, 15 or 17 its last day, 21 the serial number, 00 the number of a
pallet or carton (SSCC), 02 the GTIN of what is in it and 37 how many of them (GS1 General
Specifications, 3.2). An element of no fixed length ends with FNC1, which scanners send as the
character 29, or as what the settings say where a keyboard has no such key; people and labels
write the identifiers in brackets. Before it all may stand which symbology was read (ISO/IEC
15424).
A GS1 Digital Link is an address with the same elements in its path and its query (GS1 Digital
Link Standard: URI Syntax, 4).
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from stdnum import gs1_128
from stdnum.exceptions import ValidationError

from app.catalog.barcodes import parse_barcode
from app.core.settings import setting

FNC1 = "\x1d"
# What keyboards and programs make of it; no lot and no serial number of GS1 holds any of them.
LIKE_FNC1 = ("\x1e", "^]", "\u2194", "\u241d")
LONGEST_SCAN = 200  # a GS1 DataMatrix on medicine has about 80
SYMBOLOGIES = {
    "]A0": "Code 39",
    "]C0": "Code 128",
    "]C1": "GS1-128",
    "]E0": "EAN-13",
    "]E4": "EAN-8",
    "]I0": "Interleaved 2 of 5",
    "]Q1": "QR code",
    "]Q3": "GS1 QR code",
    "]d1": "DataMatrix",
    "]d2": "GS1 DataMatrix",
    "]e0": "GS1 DataBar",
}
SSCC = "SSCC"  # the symbology of a pallet's or carton's number, which names no goods
GTINS = {8: "EAN-8 or UPC-E", 12: "UPC-A", 13: "EAN-13", 14: "GTIN-14"}

# The elements of a link that mean something here.
_READ = ("00", "01", "10", "11", "15", "17", "21")
_PREFIX = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_GS1 = re.compile(r"0[12][0-9]{14}|00[0-9]{18}")
_ELEMENT = re.compile(r"\(([0-9]{2,4})\)")
# Brackets in a number stay, which the parser takes for those around identifiers.
_HIDDEN = str.maketrans("()", "\x02\x03")
_SHOWN = str.maketrans("\x02\x03", "()")
MISREAD = "This code was misread: it names a day that there is not."
_LINK = re.compile(r"https?://", re.IGNORECASE)


class Scanned(NamedTuple):
    """What a scan says: the code to look up, and what stands beside it in a GS1 code."""

    code: str
    symbology: str  # as far as the scanner told it, or the code itself does
    lot: str | None = None
    expires_on: date | None = None
    serial: str | None = None
    made_on: date | None = None
    units: int = 1  # how many pieces of the code a carton or pallet says are in it

    @property
    def tail(self) -> str:
        """The last digits, by which people tell codes apart."""
        return self.code[-5:]


def without_prefix(code: str) -> str:
    """Leave out what the company's scanners put before each code."""
    return code.strip().removeprefix(str(setting("scan_prefix")))


def scan_separator() -> str:
    """Give what the company's scanners type for FNC1; empty where they send it."""
    return str(setting("scan_separator"))


def read_scan(text: str, *, separator: Callable[[], str] = lambda: "") -> Scanned:
    """Read a code as it was scanned or typed, with another sign for FNC1 if there is one.

    `separator` gives it, and is asked only of a code that may be one of GS1.

    A UPC-A is written as the EAN-13 it is, with a zero in front; so is a GTIN-14 of a single
    piece. Of a GS1 code the GTIN is what is looked up.

    Of a carton it is the GTIN of what is in it, of a pallet that names no goods its own number.

    Raises:
        ValueError: It is empty, too long, holds what no code can hold, or was misread.
    """
    code = text.strip(" \t\r\n\0")
    if len(code) > LONGEST_SCAN:
        raise ValueError(f"A code has at most {LONGEST_SCAN} characters.")
    prefix = _PREFIX.match(code)
    symbology = SYMBOLOGIES.get(prefix.group(), "") if prefix else ""
    code = code[3:] if symbology else code
    if _LINK.match(code) and (linked := _digital_link(code, symbology)):
        return linked
    parted = _parted(code) if code.startswith("(") else _with_fnc1(code, separator)
    return _gs1(parted.strip(FNC1), symbology) or _plain(code, symbology)


def _gs1(code: str, symbology: str) -> Scanned | None:
    """Read the elements of a GS1 code; None if it is none, or none of goods."""
    if not _GS1.match(code):
        return None
    try:
        elements = gs1_128.info(code.translate(_HIDDEN), FNC1)
    except ValidationError:
        return None  # a number of the company's own, which begins as a GS1 code would
    except ValueError:
        raise ValueError(MISREAD) from None
    return _of_elements(elements, symbology or "GS1")


def _parted(code: str) -> str:
    """Write a code whose identifiers stand in brackets as a scanner sends it.

    The bracket of the next identifier is all that tells where a number ends.
    """
    parts = _ELEMENT.split(code)[1:]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return FNC1.join(f"{key}{value.strip()}" for key, value in pairs)


def _with_fnc1(code: str, separator: Callable[[], str]) -> str:
    """Put FNC1 where a scanner has sent something else for it."""
    if not _GS1.search(code):
        return code
    for sent in filter(None, (separator(), *LIKE_FNC1)):
        code = code.replace(sent, FNC1)
    return code


def _of_elements(elements: dict[str, Any], symbology: str) -> Scanned | None:
    if not all(isinstance(elements.get(day), date | None) for day in ("11", "15", "17")):
        return None
    gtin = elements.get("01") or elements.get("02")
    if gtin is None:
        return Scanned(code=elements["00"], symbology=SSCC)
    return Scanned(
        code=_shortest(gtin),
        symbology=symbology,
        lot=_number(elements.get("10")),
        expires_on=elements.get("17") or elements.get("15"),
        serial=_number(elements.get("21")),
        made_on=elements.get("11"),
        units=int(elements.get("37", 1)) if "01" not in elements else 1,
    )


def _number(text: str | None) -> str | None:
    """A lot or serial number as it is on the label; None if there is nothing of it."""
    return text.translate(_SHOWN) if text else None


def _digital_link(address: str, symbology: str) -> Scanned | None:
    """Read the elements of a GS1 Digital Link; None if it is another address."""
    parts = urlsplit(address)
    steps = [unquote(step) for step in parts.path.split("/")]
    begin = next((n for n, step in enumerate(steps) if step in ("00", "01")), None)
    if begin is None:
        return None
    stated = [*zip(steps[begin::2], steps[begin + 1 :: 2], strict=False)]
    stated += parse_qsl(parts.query)
    pairs = [(key, value) for key, value in stated if key in _READ and value]
    padded = [(key, value.zfill(14) if key == "01" else value) for key, value in pairs]
    try:
        text = FNC1.join(f"{key}{value}" for key, value in padded).translate(_HIDDEN)
        elements = gs1_128.info(text, FNC1)
    except ValueError:  # of the parser's own, or of a day that there is not
        raise ValueError("This link was misread: its numbers do not fit.") from None
    return _of_elements(elements, symbology or "GS1 Digital Link")


def _plain(code: str, symbology: str) -> Scanned:
    code = parse_barcode(code)
    is_gtin = code.isdecimal() and len(code) in GTINS
    kind = GTINS[len(code)] if is_gtin else "Code of our own"
    return Scanned(_shortest(code) if is_gtin else code, symbology or kind)


def _shortest(gtin: str) -> str:
    """Write a UPC-A, or a GTIN-14 that starts with a zero, as an EAN-13; an EAN-8 stays."""
    return gtin if len(gtin) == 8 else gtin.zfill(14).removeprefix("0")  # noqa: PLR2004
