"""A code as bars within a document. What prints labels draws its own, dot by dot."""

from markupsafe import Markup

MODULE = 0.3  # mm, the narrowest bar: any laser printer and any scanner do that
HEIGHT = 11  # mm
QUIET = 10  # modules that stay white on either side (ISO/IEC 15417)
LONGEST = 30  # characters: more of them are wider than half a page


def code128(code: str) -> Markup | None:
    """Draw a code as Code 128 in SVG; None of one that bars cannot say, or not on a page."""
    from barcode.codex import Code128  # noqa: PLC0415  (loads Pillow: only where it prints)

    if not code or len(code) > LONGEST or not (code.isascii() and code.isprintable()):
        return None
    modules = Code128(code).build()[0]
    width = len(modules) + 2 * QUIET
    return Markup(  # noqa: S704  (numbers only)
        f'<svg class="bars" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 1" '
        f'preserveAspectRatio="none" width="{width * MODULE:.2f}mm" height="{HEIGHT}mm">'
        f'<path d="{_bars(modules)}"/></svg>'
    )


def _bars(modules: str) -> str:
    """Every dark run is a rectangle, one module high."""
    runs, at = [], QUIET
    for run in modules.replace("10", "1 0").replace("01", "0 1").split():
        if run[0] == "1":
            runs.append(f"M{at} 0h{len(run)}v1h-{len(run)}z")
        at += len(run)
    return "".join(runs)
