"""Trying labels before they are printed: what they would say, and which would not fit."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.labels.drawing.errors import Unprintable
from app.labels.drawing.formats import Format
from app.labels.drawing.placing import Label, place
from app.labels.drawing.sheets import page_count
from app.labels.services.formats import find_format
from app.labels.services.requesting import Choices, LabelRequest, printer_of
from app.labels.subjects import SUBJECTS, LabelOptions

MOST_ITEMS = 200


@dataclass(frozen=True, slots=True)
class DryRunItem:
    """One item: its label, or why it has none."""

    requested: LabelRequest
    label: Label | None
    error: str


@dataclass(frozen=True, slots=True)
class DryRun:
    """What would be printed; of long lists only the first items are tried."""

    format: Format
    items: list[DryRunItem]
    labels: int
    pages: int
    omitted: int
    dpi: int
    symbology: str

    @property
    def failed(self) -> int:
        """Items that would have no label."""
        return sum(1 for item in self.items if item.error)

    @property
    def first(self) -> Label | None:
        """The label that would come first."""
        return next((item.label for item in self.items if item.label), None)


def dry_run(requested: Sequence[LabelRequest], choices: Choices) -> DryRun | None:
    """Try what `request_batch` would print; None if the format does not exist."""
    format_ = find_format(choices.format)
    if format_ is None:
        return None
    printer = printer_of(choices.printer_id)
    dpi = choices.dpi or (printer.dpi if printer else format_.dpi)
    symbology = choices.symbology or format_.symbology
    some = requested[:MOST_ITEMS]
    items = _items(some, LabelOptions(symbology, choices.code, choices.has_price), format_, dpi)
    labels = sum(item.requested.copies for item in items if item.label)
    labels += sum(one.copies for one in requested[MOST_ITEMS:])
    start = min(max(choices.start_cell or 1, 1), format_.cells)
    pages = page_count(labels, format_=format_, start_cell=start)
    return DryRun(format_, items, labels, pages, len(requested) - len(some), dpi, symbology)


def _items(
    requested: Sequence[LabelRequest], wanted: LabelOptions, format_: Format, dpi: int
) -> list[DryRunItem]:
    subject = SUBJECTS[requested[0].kind]
    answers = subject.contents([one.code for one in requested], wanted)
    items = []
    for one in requested:
        answer = answers.get(one.code, f"There is no {subject.noun} {one.code}.")
        if isinstance(answer, str):
            items.append(DryRunItem(one, None, answer))
            continue
        try:
            label = place(answer, size=format_.size, symbology=wanted.symbology, dpi=dpi)
        except Unprintable as error:
            items.append(DryRunItem(one, None, str(error)))
        else:
            items.append(DryRunItem(one, label, ""))
    return items
