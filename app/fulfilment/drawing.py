"""The tracking number of a shipping label as a Code 128 (ISO/IEC 15417).

The label is printed by the browser of a tablet, which knows nothing of a printer's dots: a
module is 0.25 mm, two dots of 203 dpi.
"""

from typing import NamedTuple

MODULE = 0.25  # mm
QUIET = 10  # modules that stay white on either side
WIDEST = 92.0  # mm of a label of 102 mm


class Bars(NamedTuple):
    """The bars of a code: where each begins and how wide it is, in modules; `width` in mm."""

    runs: tuple[tuple[int, int], ...]
    modules: int
    width: float


def bars(code: str) -> Bars | None:
    """Draw a code; None where there is none, or none that would be read from this label."""
    if not code or not code.isascii() or not code.isprintable():
        return None
    from barcode.codex import Code128  # noqa: PLC0415  (loads Pillow: only where it prints)

    row: str = Code128(code).build()[0]
    modules = len(row) + 2 * QUIET
    if modules * MODULE > WIDEST:
        return None
    return Bars(tuple(_runs(row)), modules, modules * MODULE)


def _runs(row: str) -> list[tuple[int, int]]:
    runs, start = [], row.find("1")
    while start >= 0:
        end = row.find("0", start)
        end = len(row) if end < 0 else end
        runs.append((start + QUIET, end - start))
        start = row.find("1", end)
    return runs
