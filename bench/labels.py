"""What printing costs: a thousand labels, beside the same sheets with plain pictures.

`python -m bench.labels ours` and so on, each in a process of its own; it prints its figures as
JSON. `pictures` is the limit: WeasyPrint draws the same texts, and a bitmap for each symbol.
"""

import json
import sys
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from statistics import median

from flask import render_template

import config
from app import create_app
from app.labels.drawing.contents import LabelContent
from app.labels.drawing.dots import DOTS_PER_INCH
from app.labels.drawing.formats import BUILT_IN
from app.labels.drawing.placing import Label, place
from app.labels.drawing.preview import first_page
from app.labels.drawing.printing import print_labels
from app.labels.drawing.sheets import Paper, pages
from app.labels.drawing.stylesheet import style
from app.labels.drawing.symbols import encoded
from bench.data import DRAW, product_name, sku
from bench.processes import Figures, figures_of
from bench.report import Row

LABELS, ROUNDS = 1000, 3
RATIO, MEGABYTES = 1.3, 200
DPI, FORMAT = 300, BUILT_IN["L7160"]
PAPER = Paper(format=FORMAT, dpi=DPI)


def main() -> None:
    """Do what the command line names."""
    app = create_app(config.from_environment())
    with app.app_context():
        done = COMMANDS[sys.argv[1]]()
    print(json.dumps(done))  # noqa: T201


def ours() -> Figures:
    """Print as the job does, with the picture of the first page."""
    return _timed(_with_preview)


def pictures() -> Figures:
    """Print the same sheets, and for the bars a picture each."""
    return _timed(_with_pictures)


def check() -> Figures:
    """Read every label of the thousand, at both resolutions."""
    read = {}
    for dpi in (203, 300):
        pdf = print_labels(_labels(dpi), Paper(format=FORMAT, dpi=dpi))
        read[str(dpi)] = _read(pdf, dpi)
    return {"read": read}


COMMANDS: dict[str, Callable[[], Figures]] = {
    "ours": ours,
    "pictures": pictures,
    "check": check,
}


def rows() -> list[Row]:
    """Measure in turns, and read everything once."""
    rounds = [
        (figures_of("labels", "ours"), figures_of("labels", "pictures")) for _ in range(ROUNDS)
    ]
    mine = median(done["seconds"] for done, _limit in rounds)
    limit = median(done["seconds"] for _done, done in rounds)
    megabytes = max(done["megabytes"] for done, _limit in rounds)
    read = figures_of("labels", "check")["read"]
    return [
        Row(
            f"{LABELS:,} labels on {FORMAT.key}, Code 128 and text",
            f"<= {RATIO} of plain pictures, < {MEGABYTES} MB",
            f"{limit:.1f} s",
            f"{mine:.1f} s, {megabytes:.0f} MB",
            f"{mine / limit:.2f}",
            *("", ""),
            is_reached=mine <= RATIO * limit and megabytes < MEGABYTES,
        ),
        Row(
            f"{LABELS:,} labels read by another library",
            "all, at 203 and 300 dpi",
            "",
            f"{read['203']:,} and {read['300']:,}",
            *("", "", ""),
            is_reached=set(read.values()) == {LABELS},
        ),
    ]


def _faces() -> list[LabelContent]:
    rng = DRAW(6)
    return [LabelContent(code=sku(number), title=product_name(rng)) for number in range(LABELS)]


def _labels(dpi: int = DPI) -> list[Label]:
    return [place(face, size=FORMAT.size, symbology="code128", dpi=dpi) for face in _faces()]


def _timed(draw: Callable[[], bytes]) -> Figures:
    began = time.perf_counter()
    content = draw()
    return {
        "seconds": time.perf_counter() - began,
        "kilobytes": len(content) // 1024,
        "megabytes": _highest_memory(),
    }


def _highest_memory() -> float:
    """The most memory this process has had, MB (proc(5): VmHWM)."""
    status = Path("/proc/self/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _with_preview() -> bytes:
    content = print_labels(_labels(), PAPER)
    first_page(content)
    return content


def _with_pictures() -> bytes:
    import weasyprint  # noqa: PLC0415  (loads Pango, as late as ours)

    labels = _labels()
    part = list(pages(labels, PAPER))
    layouts = dict.fromkeys(label.layout for label in labels)
    numbers = {layout: number for number, layout in enumerate(layouts)}
    html = render_template("labels/paper/sheets.html", pages=part, numbers=numbers)
    first, *rest = html.split('<p class="text')
    drawn = (
        f'<img src="{_picture(one)}"><p class="text{more}'
        for one, more in zip(labels, rest, strict=True)
    )
    rules = Path("static/css/labels-paper.css").read_text() + PLACED
    sheet = weasyprint.CSS(
        string=rules + style(PAPER, numbers, {label.points for label in labels})
    )
    return weasyprint.HTML(string=first + "".join(drawn)).write_pdf(stylesheets=[sheet]) or b""


PLACED = ".cell img { position: absolute; left: 10mm; top: 12mm; width: 40mm; height: 18mm }"


def _picture(label: Label) -> str:
    """A bitmap of the bars: a dot for each module, three high."""
    from PIL import Image  # noqa: PLC0415  (as late as where it prints)

    (row,) = encoded("code128", label.content.code).rows
    bars = Image.new("1", (len(row), 1), 1)
    bars.putdata([0 if module == "1" else 255 for module in row])
    png = BytesIO()
    bars.resize((len(row) * 3, 210)).save(png, "PNG")
    return f"data:image/png;base64,{b64encode(png.getvalue()).decode()}"


def _read(pdf: bytes, dpi: int) -> int:
    """Count the labels whose code is read once."""
    import pypdfium2  # noqa: PLC0415  (only to check)
    import zxingcpp  # noqa: PLC0415

    found = Counter[str]()
    for page in pypdfium2.PdfDocument(pdf):
        picture = page.render(scale=DOTS_PER_INCH[dpi] / 72, grayscale=True).to_pil()
        found.update(one.text for one in zxingcpp.read_barcodes(picture))
    return sum(1 for face in _faces() if found[face.code] == 1)


if __name__ == "__main__":
    main()
