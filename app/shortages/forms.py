"""What is asked before what is missing is bought."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from app.core.db import db
from app.core.forms import Form, PlainDecimalField, at_most_decimals
from app.core.quantities import LARGEST_QUANTITY, QUANTITY_DECIMALS
from app.purchasing import queries
from app.purchasing.services import Shortage


def _place(text: Any) -> int | None:
    return int(text) if text not in ("", None, "None") else None


class PurchaseForm(Form):
    """Where it is delivered."""

    warehouse_id = SelectField("Delivered to", coerce=_place)
    substitutes = BooleanField(
        "Take substitutes that are there",
        default=True,
        description="Of components of assemblies, before these are bought.",
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        offered = [
            SelectChoice(str(place.id), place.label)
            for place in db.session.scalars(queries.warehouses())
        ]
        self.warehouse_id.choices = [SelectChoice("", "The usual warehouse"), *offered]


class MakingForm(PurchaseForm):
    """How many are to be made, and where what is missing for them is delivered."""

    rearranging = frozenset({"look"})
    shortages: Sequence[Shortage] = ()  # what is missing for so many
    refusal: str = ""
    quantity = PlainDecimalField(
        "How many",
        [
            InputRequired("How many?"),
            at_most_decimals(QUANTITY_DECIMALS),
            NumberRange(Decimal("0.001"), LARGEST_QUANTITY - 1, "Enter a number above zero."),
        ],
        places=None,
        default=Decimal(1),
    )
