"""Forms of discrepancies."""

from wtforms import StringField
from wtforms.validators import InputRequired, Length, NumberRange

from app.core.forms import Form, PlainDecimalField, at_most_decimals
from app.core.quantities import LARGEST_QUANTITY, QUANTITY_DECIMALS

LONGEST = 500
MOST = LARGEST_QUANTITY - 1


def _stripped(text: str | None) -> str:
    return " ".join((text or "").replace("\0", "").split())


class NoteForm(Form):
    """Why a product differs, or why nothing is to be done about it."""

    note = StringField(
        "Why", [InputRequired("Please say why."), Length(max=LONGEST)], filters=[_stripped]
    )


class ComparisonForm(Form):
    """Which location of ours stands for what lies at a marketplace."""

    location = StringField(
        "Location",
        [InputRequired("Which one?"), Length(max=100)],
        filters=[_stripped],
        description="Code or barcode. All that lies below it counts.",
    )
    tolerance = PlainDecimalField(
        "Pieces of a product by which both may differ",
        [
            InputRequired("How many?"),
            at_most_decimals(QUANTITY_DECIMALS),
            NumberRange(0, MOST, "Enter a number of zero or more."),
        ],
        places=None,
    )
