"""The form of a build."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.assembly.services import find_assembly
from app.catalog.choices import product_field
from app.core.forms import Form, KeyField, PlainDecimalField
from app.core.forms import at_most_decimals as decimals
from app.core.quantities import LARGEST_QUANTITY, QUANTITY_DECIMALS
from app.stock.ledger.lines import LONGEST_NOTE
from app.stock.services import LotDraft

LONGEST_LOTS = 20_000  # 500 serial numbers of 40 characters


def _stripped(text: str | None) -> str:
    return (text or "").replace("\0", "").strip()


class BuildForm(Form):
    """What is built, how much of it, and where it is put."""

    called: ClassVar[Mapping[str, str]] = {"product": "product_id"}
    product = product_field("Product", [InputRequired("Which product?")], find=find_assembly)
    quantity = PlainDecimalField(
        "Quantity",
        [
            InputRequired("How many?"),
            decimals(QUANTITY_DECIMALS),
            NumberRange(Decimal("0.001"), LARGEST_QUANTITY - 1, "Enter a number above zero."),
        ],
        places=None,
    )
    scrapped = PlainDecimalField(
        "Scrapped",
        [
            Optional(),
            decimals(QUANTITY_DECIMALS),
            NumberRange(Decimal(0), LARGEST_QUANTITY - 1, "Enter zero or more."),
        ],
        places=None,
        description="What went wrong besides: it took components too.",
    )
    location = StringField(
        "Put where",
        [Optional(), Length(max=100)],
        filters=[_stripped],
        description="Type or scan the code. Left empty: its home, or the default location.",
    )
    lot = TextAreaField(
        "Lot",
        [Length(max=LONGEST_LOTS)],
        filters=[_stripped],
        description="Of a product that is tracked: its lot, or the serial numbers of its "
        "pieces, one in a line.",
    )
    expires_on = DateField(
        "Expires on", [Optional()], description="Of a lot that has an expiry date."
    )
    note = StringField("Note", [Length(max=LONGEST_NOTE)], filters=[_stripped])
    key = KeyField()

    @property
    def values(self) -> dict[str, Any]:
        """What the person entered."""
        said = super().values | {"scrapped": self.scrapped.data or Decimal(0)}
        said["lot"] = LotDraft(said["lot"] or "", said.pop("expires_on"))
        return {self.called.get(name, name): value for name, value in said.items()}
