"""Trying labels before they are printed: what they would say, and which would not fit."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.labels.drawing.errors import Unprintable
from app.labels.drawing.formats import Format
from app.labels.drawing.placing import Label, place
from app.labels.drawing.sheets import page_count
from app.labels.services.asking import Asked, Choices, printer_of
from app.labels.services.formats import find_format
from app.labels.subjects import SUBJECTS, Wanted

MOST_TRIED = 200


@dataclass(frozen=True, slots=True)
class Tried:
    """One item: its label, or why it has none."""

    asked: Asked
    label: Label | None
    error: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What would be printed; of long lists only the first items are tried."""

    format: Format
    items: list[Tried]
    labels: int
    pages: int
    untried: int
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


def tried(asked: Sequence[Asked], choices: Choices) -> Trial | None:
    """Try what `request_batch` would print; None if the format does not exist."""
    format_ = find_format(choices.format)
    if format_ is None:
        return None
    printer = printer_of(choices.printer_id)
    dpi = choices.dpi or (printer.dpi if printer else format_.dpi)
    symbology = choices.symbology or format_.symbology
    some = asked[:MOST_TRIED]
    items = _tried(some, Wanted(symbology, choices.code, choices.has_price), format_, dpi)
    labels = sum(item.asked.copies for item in items if item.label)
    labels += sum(one.copies for one in asked[MOST_TRIED:])
    start = min(max(choices.start_cell or 1, 1), format_.cells)
    pages = page_count(labels, format_=format_, start_cell=start)
    return Trial(format_, items, labels, pages, len(asked) - len(some), dpi, symbology)


def _tried(asked: Sequence[Asked], wanted: Wanted, format_: Format, dpi: int) -> list[Tried]:
    subject = SUBJECTS[asked[0].kind]
    answers = subject.faces([one.code for one in asked], wanted)
    items = []
    for one in asked:
        answer = answers.get(one.code, f"There is no {subject.noun} {one.code}.")
        if isinstance(answer, str):
            items.append(Tried(one, None, answer))
            continue
        try:
            label = place(answer, size=format_.size, symbology=wanted.symbology, dpi=dpi)
        except Unprintable as error:
            items.append(Tried(one, None, str(error)))
        else:
            items.append(Tried(one, label, ""))
    return items
