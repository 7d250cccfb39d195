"""Forms of labels: what is printed, and what it is printed on."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from wtforms import (
    BooleanField,
    DecimalField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from app.core.forms import Form, PlainDecimalField, VersionField, at_most_decimals
from app.labels.drawing.dots import DPI
from app.labels.drawing.formats import KINDS
from app.labels.drawing.symbols import SYMBOLOGIES
from app.labels.models.batches import CODES, MOST_LABELS
from app.labels.models.printers import MOST_OFFSET
from app.labels.services.requesting import LONGEST_CODE, Choices, LabelRequest

NEEDED = "This is needed."
LONGEST_LIST = MOST_LABELS * 40
# A code, and how many: "KETTLE<tab>3", "KETTLE;3", "KETTLE x 3". A code may hold commas itself.
COPIES = re.compile(r"(?:[\t;]|\s[x×])\s{0,30}([0-9]{1,5})\Z", re.IGNORECASE)


def _stripped(text: str | None) -> str:
    return (text or "").replace("\0", "").strip()


def _number(value: str | None) -> int | None:
    return int(value) if value else None


def _choices(offered: Mapping[str, str], nothing: str = "") -> list[SelectChoice]:
    first = [SelectChoice("", nothing)] if nothing else []
    return first + [SelectChoice(value, label) for value, label in offered.items()]


SYMBOLOGY_LABELS = {key: one.label for key, one in SYMBOLOGIES.items()}
DPI_LABELS = {str(dpi): f"{dpi} dpi" for dpi in DPI}


class BatchForm(Form):
    """Which labels, and on what."""

    subject = HiddenField()
    items = TextAreaField(
        "Items",
        [InputRequired("Say what to print labels for."), Length(max=LONGEST_LIST)],
        description="One on each line, typed, pasted or scanned. For more copies of one: "
        "a semicolon or a tab, and the number.",
    )
    copies = IntegerField(
        "Copies of each", [InputRequired(NEEDED), NumberRange(1, MOST_LABELS)], default=1
    )
    format = SelectField("Format", [InputRequired(NEEDED)])
    start_cell = IntegerField(
        "Begin at label",
        [InputRequired(NEEDED), NumberRange(1, None)],
        default=1,
        description="On a sheet that has been begun: the first label that is left.",
    )
    symbology = SelectField(
        "Barcode", choices=_choices(SYMBOLOGY_LABELS, "As the format has it"), default=""
    )
    printer_id = SelectField("Printer", coerce=_number, default="")
    dpi = SelectField(
        "Resolution",
        choices=_choices(DPI_LABELS, "As the printer has it"),
        coerce=_number,
        default="",
    )
    code = SelectField("Which code", choices=_choices(CODES), default="sku")
    has_price = BooleanField("With the price")

    def offer(self, formats: Mapping[str, str], printers: Mapping[str, str]) -> None:
        """Give the formats and printers to choose from."""
        self.format.choices = _choices(formats)
        self.printer_id.choices = _choices(printers, "Another")

    def validate_items(self, _field: TextAreaField) -> None:
        """Refuse what is no list of codes."""
        for number, requested in enumerate(self.requested, start=1):
            if len(requested.code) > LONGEST_CODE:
                raise ValidationError(
                    f"Line {number}: a code has at most {LONGEST_CODE} characters."
                )
        if not self.requested:
            raise ValidationError("Say what to print labels for.")

    @property
    def values(self) -> dict[str, Any]:
        """What is wanted, and how."""
        return {"requested": self.requested, "choices": self.choices}

    @property
    def requested(self) -> list[LabelRequest]:
        """The items; lines with the same code are one item with more copies."""
        found: dict[str, int] = {}
        for line in filter(None, map(_stripped, (self.items.data or "").splitlines())):
            parts = COPIES.search(line, 1)
            code, copies = (
                (line[: parts.start()].rstrip(), parts[1])
                if parts
                else (line, self.copies.data or 1)
            )
            found[code] = found.get(code, 0) + int(copies)
        return [LabelRequest(self.subject.data, code, copies) for code, copies in found.items()]

    @property
    def choices(self) -> Choices:
        """How the labels are wanted."""
        names = ("format", "start_cell", "symbology", "dpi", "printer_id", "code", "has_price")
        return Choices(**{name: self[name].data for name in names})


class RepeatForm(Form):
    """From which label on, and where on the sheet."""

    first_label = IntegerField(
        "From label", [InputRequired(NEEDED), NumberRange(1, MOST_LABELS)], default=1
    )
    start_cell = IntegerField("Begin at label of the sheet", [Optional(), NumberRange(1, None)])


def _millimetres(label: str, *, is_needed: bool = False, **more: Any) -> DecimalField:
    needed = InputRequired(NEEDED) if is_needed else Optional()
    checks = [needed, at_most_decimals(2), NumberRange(0, 1000)]
    return PlainDecimalField(label, checks, places=None, **more)


class FormatForm(Form):
    """The measures of a format, mm; of a roll only those of its label."""

    version = VersionField(validators=[Optional()])
    name = StringField("Name", [InputRequired(NEEDED), Length(max=60)], filters=[_stripped])
    kind = SelectField("Kind", choices=_choices(KINDS), default="sheet")
    label_width = _millimetres("Width of a label", is_needed=True)
    label_height = _millimetres("Height of a label", is_needed=True)
    page_width = _millimetres("Width of the sheet", default=Decimal(210))
    page_height = _millimetres("Height of the sheet", default=Decimal(297))
    columns = IntegerField("Columns", [Optional(), NumberRange(1, 50)], default=1)
    rows = IntegerField("Rows", [Optional(), NumberRange(1, 100)], default=1)
    margin_left = _millimetres("From the left edge to the first label")
    margin_top = _millimetres("From the upper edge to the first label")
    pitch_x = _millimetres("From label to label, across", description="Left edge to left edge.")
    pitch_y = _millimetres("From label to label, down", description="Upper edge to upper edge.")
    dpi = SelectField("Resolution", choices=_choices(DPI_LABELS), coerce=_number, default="300")
    symbology = SelectField("Barcode", choices=_choices(SYMBOLOGY_LABELS), default="code128")

    @property
    def values(self) -> dict[str, Any]:
        """What was entered; a measure that is left open is 0, of counts 1."""
        empty = dict.fromkeys(("columns", "rows"), 1) | {"version": None}
        given = super().values
        return {n: empty.get(n, Decimal(0)) if v is None else v for n, v in given.items()}


class PrinterForm(Form):
    """A printer, and how far it has to be told to print elsewhere."""

    version = VersionField(validators=[Optional()])
    name = StringField("Name", [InputRequired(NEEDED), Length(max=60)], filters=[_stripped])
    dpi = SelectField("Resolution", choices=_choices(DPI_LABELS), coerce=_number, default="203")
    offset_x = PlainDecimalField(
        "Offset to the right",
        [InputRequired(NEEDED), at_most_decimals(2), NumberRange(-MOST_OFFSET, MOST_OFFSET)],
        places=None,
        default=Decimal(0),
        description="Minus moves to the left.",
    )
    offset_y = PlainDecimalField(
        "Offset down",
        [InputRequired(NEEDED), at_most_decimals(2), NumberRange(-MOST_OFFSET, MOST_OFFSET)],
        places=None,
        default=Decimal(0),
        description="Minus moves up.",
    )
    format = SelectField(
        "Usual format", default="", description="Offered first, and on the calibration sheet."
    )

    def offer(self, formats: Mapping[str, str]) -> None:
        """Give the formats to choose from."""
        self.format.choices = _choices(formats, "No format in particular")
