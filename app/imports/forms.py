"""Forms of an import's steps."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.errors import DomainError
from app.core.forms import Form
from app.imports.dates import ORDERS
from app.imports.definition import Importer
from app.imports.models import ImportRun
from app.imports.profiles import LONGEST_NAME
from app.imports.reading.encodings import ENCODINGS
from app.imports.reading.text import DELIMITERS
from app.imports.services import FIGURES

FIXED = "fixed_"  # before those of fields that are alike in all rows
FIELD = "field_"  # before the names of our fields, so that none is called "data" or "errors"
GUESS = "As it looks"
DECIMALS = {".": "Point, as in 1,234.50", ",": "Comma, as in 1.234,50"}


def offered(choices: Mapping[str, str], nothing: str = "") -> list[SelectChoice]:
    """Offer what may be chosen, after the words for choosing nothing."""
    first = [SelectChoice("", nothing)] if nothing else []
    return first + [SelectChoice(value, label) for value, label in choices.items()]


class UploadForm(Form):
    """Which file, and what is in it."""

    kind = SelectField("What is in the file", [InputRequired()])
    file = FileField(
        "File",
        [FileRequired("Choose a file.")],
        description="Excel (.xlsx) or CSV, at most 50 MB and 1,000,000 rows.",
    )
    profile = SelectField(
        "Profile",
        choices=offered({}, "None"),
        default="",
        validate_choice=False,
        description="How another file of the same sender was read. The next step keeps one.",
    )
    header = BooleanField("A row holds the names of the columns", default=True)
    encoding = SelectField(
        "Encoding of a text file", choices=offered(ENCODINGS, GUESS), default=""
    )

    def refuse(self, error: DomainError) -> int:
        """Say what is wrong with the file, with the status of that."""
        super().refuse(error)
        return error.status


class LayoutForm(Form):
    """How to read the file."""

    sheet = SelectField("Sheet", validate_choice=False)
    header = BooleanField("A row holds the names of the columns")
    header_row = IntegerField(
        "Row with the names",
        [Optional(), NumberRange(0, 1_000)],
        filters=[lambda row: row or 0],
        description="0: it is looked for.",
    )
    decimal = SelectField(
        "Decimals",
        choices=offered(DECIMALS, GUESS),
        default="",
        description="Left open, a number that can be read in two ways is refused.",
    )
    dates = SelectField(
        "Dates",
        choices=offered(ORDERS, GUESS),
        default="",
        description="Left open, a date that could be two days is refused.",
    )
    figures = SelectField(
        "Rounded figures",
        choices=offered(FIGURES, "Ask"),
        default="",
        description="A cell may show fewer decimals than it holds. Left open, it is refused.",
    )
    delimiter = SelectField("Between the cells", choices=offered(DELIMITERS, GUESS), default="")
    encoding = SelectField("Encoding", choices=offered(ENCODINGS, GUESS), default="")

    def offer(self, sheets: Sequence[str]) -> None:
        """Show what makes sense for the file: sheets, or what a text file needs."""
        self.sheet.choices = offered({name: name for name in sheets})
        for name in ("delimiter", "encoding") if sheets else ("sheet", "figures"):
            del self[name]


class MappingForm(Form):
    """Which column is which of our fields; made for one importer and one file."""

    update = BooleanField(
        "Update what is there already",
        default=True,
        description="Otherwise only new records are added.",
    )
    profile = StringField(
        "Keep as a profile",
        [Length(max=LONGEST_NAME)],
        description="Files of the same sender are read like this one; empty: not kept.",
    )
    options = SelectMultipleField(
        "More", widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    @property
    def values(self) -> dict[str, Any]:
        """The columns that were chosen, and how to go about it."""
        options = self.options.data if "options" in self else []
        return {
            "mapping": self.mapping,
            "update": self.update.data,
            "options": options,
            "fixed": self._named(FIXED),
            "profile": self.profile.data or "",
        }

    @property
    def mapping(self) -> dict[str, str]:
        """Our field -> their column."""
        return self._named(FIELD)

    def _named(self, prefix: str) -> dict[str, str]:
        values = {
            n.removeprefix(prefix): v for n, v in self.data.items() if n.startswith(prefix)
        }
        return {name: text for name, text in values.items() if text}

    @property
    def columns(self) -> list[Any]:
        """The fields that choose a column."""
        return [field for field in self if field.name.startswith(FIELD)]

    @property
    def fixed_fields(self) -> list[Any]:
        """The fields that say what is alike in all rows."""
        return [field for field in self if field.name.startswith(FIXED)]


def mapping_form(importer: Importer, run: ImportRun) -> MappingForm:
    """Make the form for the fields of an importer and the columns of a file."""
    selects = {
        f"{FIELD}{field.name}": _select(importer, field, run) for field in importer.open_fields
    }
    texts = {
        f"{FIXED}{field.name}": StringField(
            f"{field.label} of all rows", description=field.hint
        )
        for field in importer.fixable
    }
    kind = type("MappingForm", (MappingForm,), selects | texts)
    form: MappingForm = kind(data=_values(run))
    form.options.choices = offered(importer.options)
    if not importer.options:
        del form.options
    return form


def _select(importer: Importer, field: Any, run: ImportRun) -> SelectField:
    return SelectField(
        field.label,
        [InputRequired("Choose a column.")] if field.name in importer.key else [],
        choices=offered({name: name for name in run.columns}, "Not in the file"),
        description=field.hint,
        default="",
    )


def _values(run: ImportRun) -> Mapping[str, Any]:
    chosen = {f"{FIELD}{name}": column for name, column in run.mapping.items()}
    fixed = {f"{FIXED}{name}": text for name, text in run.fixed.items()}
    more = {"update": run.update, "options": run.options, "profile": run.profile}
    return {**chosen, **fixed, **more}
