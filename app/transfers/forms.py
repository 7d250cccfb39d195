"""Forms of the pages of transfers."""

from collections.abc import Iterable, Mapping
from typing import Any

import wtforms
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    IntegerField,
    SelectField,
    StringField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from app.core.db import db
from app.core.errors import in_row
from app.core.forms import Form, KeyField, PlainDecimalField, at_most_decimals
from app.core.quantities import LARGEST_QUANTITY, QUANTITY_DECIMALS
from app.stock.ledger.lines import LONGEST_NOTE
from app.transfers import queries, services
from app.transfers.models import EXPLANATIONS, TransferLine

MOST = LARGEST_QUANTITY - 1


def _stripped(text: str | None) -> str:
    return (text or "").replace("\0", "").strip()


def _quantity(label: str, first: Any) -> PlainDecimalField:
    within = NumberRange(0, MOST, "Enter a number of zero or more.")
    rules = [first, at_most_decimals(QUANTITY_DECIMALS), within]
    return PlainDecimalField(label, rules, places=None)


def _note() -> StringField:
    return StringField("Note", [Length(max=LONGEST_NOTE)], filters=[_stripped])


class NewRow(wtforms.Form):
    """So much of a product. `known` is the SKU last filled in."""

    known = StringField(widget=HiddenInput(), filters=[_stripped])
    sku = StringField(
        "Product", [InputRequired("Which product?"), Length(max=100)], filters=[_stripped]
    )
    quantity = _quantity("Quantity", InputRequired("How many?"))


class NewTransferForm(Form):
    """What is to go from one warehouse to another."""

    rearranging = frozenset({"more", "removed"})
    lines_view: Any
    key = KeyField()
    source_id = SelectField("From", coerce=int)
    destination_id = SelectField("To", coerce=int)
    expected_on = DateField("Expected on", [Optional()])
    items = FieldList(FormField(NewRow), "Lines")
    note = _note()

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        places = db.session.scalars(queries.warehouses()).all()
        choices = [SelectChoice(str(place.id), place.label) for place in places]
        self.source_id.choices = self.destination_id.choices = choices
        if len(places) > 1 and self.destination_id.data is None:
            self.destination_id.data = places[1].id

    @property
    def values(self) -> dict[str, Any]:
        """What the person entered; products by their ids."""
        said = super().values
        rows = said["items"]
        wanted = [_wanted(number, row) for number, row in enumerate(rows)]
        return said | {"items": wanted}


def _wanted(number: int, row: Mapping[str, Any]) -> services.Wanted:
    with in_row("items", number):
        return services.Wanted(services.find_product(row["sku"]), row["quantity"])


class PartRow(wtforms.Form):
    """How much of a line."""

    line_id = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    quantity = _quantity("Quantity", Optional())


class SendForm(Form):
    """What leaves now, line by line."""

    key = KeyField()
    rows = FieldList(FormField(PartRow), "Lines")
    rest_follows = BooleanField("The rest follows later")
    note = _note()

    @property
    def values(self) -> dict[str, Any]:
        """What the person entered; a line left empty is none of it."""
        said = {"key": self.key.once, "rest_follows": self.rest_follows.data}
        return said | {"items": _said(self.rows.data), "note": self.note.data}

    def offer(self, lines: Iterable[TransferLine]) -> None:
        """Ask for lines: all that is left of each, to begin with."""
        for line in lines:
            if line.to_send:
                self.rows.append_entry({"line_id": line.id, "quantity": line.to_send})


class ArrivedRow(wtforms.Form):
    """What has come of a line: good, and damaged."""

    line_id = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    good = _quantity("Good", Optional())
    damaged = _quantity("Damaged", Optional())


class ReceiveForm(Form):
    """What has come, and where it goes."""

    key = KeyField()
    rows = FieldList(FormField(ArrivedRow), "Lines")
    location = StringField(
        "Put where",
        [Length(max=100)],
        filters=[_stripped],
        description="Left empty: where each product lives, or the default location.",
    )
    note = _note()

    @property
    def values(self) -> dict[str, Any]:
        """What the person entered; a line left empty has not come."""
        items = [
            services.Said(row["line_id"], quantity, word)
            for row in self.rows.data
            for word in ("good", "damaged")
            if (quantity := row[word])
        ]
        said = {"key": self.key.once, "location": self.location.data}
        return said | {"items": items, "note": self.note.data}

    def offer(self, lines: Iterable[TransferLine]) -> None:
        """Ask for lines: all that is on the way of each, to begin with."""
        for line in lines:
            if line.on_the_way:
                self.rows.append_entry({"line_id": line.id, "good": line.on_the_way})


class ExplainedRow(PartRow):
    """What became of so much of a line."""

    word = SelectField(
        "What happened", choices=[SelectChoice(*one) for one in EXPLANATIONS.items()]
    )


class ExplainForm(Form):
    """What became of goods that have not come, or came on top."""

    key = KeyField()
    rows = FieldList(FormField(ExplainedRow), "Lines")
    note = _note()

    @property
    def values(self) -> dict[str, Any]:
        """What the person entered; a line left empty is not explained."""
        said = {"key": self.key.once, "note": self.note.data}
        return said | {"items": _said(self.rows.data)}

    def offer(self, lines: Iterable[TransferLine]) -> None:
        """Ask for each line what became of what is on the way."""
        for line in lines:
            rest = line.on_the_way or None
            self.rows.append_entry({"line_id": line.id, "quantity": rest})


def _said(rows: Iterable[Mapping[str, Any]]) -> list[services.Said]:
    return [
        services.Said(row["line_id"], row["quantity"], row.get("word", ""))
        for row in rows
        if row["quantity"]
    ]
