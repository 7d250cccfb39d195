"""A batch as PDF: some pages at a time, so that memory does not grow with the batch."""

from base64 import b64encode
from collections.abc import Callable, Collection, Mapping, Sequence
from io import BytesIO
from itertools import islice
from typing import Any

from app.core.pdf import render_pdf
from app.labels.drawing.bars import with_bars
from app.labels.drawing.placing import Label
from app.labels.drawing.sheets import Page, Paper, pages
from app.labels.drawing.stylesheet import style

AT_ONCE = 250  # labels of one part of the PDF

Progress = Callable[[int], object]
Pictures = Callable[[Collection[Any]], Mapping[int, bytes]]


def print_labels(
    labels: Sequence[Label],
    paper: Paper,
    *,
    start_cell: int = 1,
    report: Progress = lambda _done: None,
    pictures: Pictures = lambda _ids: {},
) -> bytes:
    """Draw labels, the first page from a cell on (from 1). `report` is given how many are done.

    `pictures` gives JPEGs by the numbers that labels name.

    Raises:
        PdfUnavailable: This machine lacks Pango.
    """
    waiting, parts, done = pages(labels, paper, start_cell=start_cell), list[bytes](), 0
    while part := list(islice(waiting, max(1, AT_ONCE // paper.format.cells))):
        parts.append(draw_pages(part, paper, pictures))
        done += sum(len(page.labels) for page in part)
        report(done)
    return parts[0] if len(parts) == 1 else _joined(parts)


def draw_pages(
    part: Sequence[Page], paper: Paper, pictures: Pictures = lambda _ids: {}
) -> bytes:
    """Draw pages as one PDF."""
    labels = [label for page in part for _cell, label in page.labels]
    numbers = {one: n for n, one in enumerate(dict.fromkeys(label.layout for label in labels))}
    return render_pdf(
        "labels/paper/sheets.html",
        look="css/labels-paper.css",
        css=style(paper, numbers, {label.points for label in labels}),
        finisher=with_bars(
            [page.bars for page in part], height=paper.format.page[1], dpi=paper.dpi
        ),
        pages=part,
        numbers=numbers,
        pictures=_embedded(pictures({label.content.picture for label in labels} - {None})),
    )


def _embedded(pictures: Mapping[int, bytes]) -> dict[int, str]:
    """Write pictures as addresses that hold all of them: nothing is fetched."""
    return {
        number: f"data:image/jpeg;base64,{b64encode(content).decode()}"
        for number, content in pictures.items()
    }


def _joined(parts: Sequence[bytes]) -> bytes:
    from pypdf import PdfWriter  # noqa: PLC0415  (only for long batches)

    writer, content = PdfWriter(), BytesIO()
    for part in parts:
        writer.append(BytesIO(part), import_outline=False)
    writer.write(content)
    return content.getvalue()
