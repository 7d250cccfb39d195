"""A line of a document: what, how much, at what price, and how far it has got."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, inspect
from sqlalchemy.orm import Mapped, mapped_column

from app.catalog.models import Product
from app.core.db import Model, Money
from app.documents.models.amounts import Amounts, LineTerms

ZERO = Decimal(0)
Percent = Numeric(7, 4)


class DocumentLine(Model):
    """What lines of all documents have; a kind of document says what is done with them.

    `own_columns` are those that a part split off does not have from the line it was part of.
    """

    __abstract__ = True
    own_columns: ClassVar[frozenset[str]] = frozenset(
        {"id", "created_at", "position", "quantity", "total", "tax", "quantity_cancelled"}
    )

    position: Mapped[int]
    # Shops and vendors may name what we do not know.
    product_id: Mapped[int | None] = mapped_column(ForeignKey(Product.id))
    sku: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="", default="")
    quantity: Mapped[Decimal]
    unit_price: Mapped[Decimal] = mapped_column(Money, server_default="0", default=ZERO)
    tax_rate: Mapped[Decimal] = mapped_column(Percent, server_default="0", default=ZERO)
    # Kept, so that lists and documents need not know how to round: see `amounts_of`.
    total: Mapped[Decimal] = mapped_column(Money, server_default="0", default=ZERO)  # no tax
    tax: Mapped[Decimal] = mapped_column(Money, server_default="0", default=ZERO)
    quantity_cancelled: Mapped[Decimal] = mapped_column(server_default="0", default=ZERO)

    def __init__(self, **values: Any) -> None:
        super().__init__(**{**first_values(type(self)), **values})

    @property
    def quantity_done(self) -> Decimal:
        """What has been shipped, or received."""
        raise NotImplementedError

    @property
    def quantity_handled(self) -> Decimal:
        """What somebody has taken in hand, which no change can undo."""
        return self.quantity_done

    @property
    def quantity_wanted(self) -> Decimal:
        """What was ordered, less what was closed short."""
        return self.quantity - self.quantity_cancelled

    @property
    def quantity_open(self) -> Decimal:
        """What is still to be shipped, or received."""
        return self.quantity_wanted - self.quantity_done

    @property
    def quantity_untouched(self) -> Decimal:
        """What may still be split off, or closed short."""
        return self.quantity_wanted - self.quantity_handled

    def shared_with(
        self,
        quantity: Decimal,  # noqa: ARG002  (here and below: for kinds with such amounts)
        currency: str,  # noqa: ARG002
    ) -> dict[str, Any]:
        """Give what a part of so much takes with it, and have that much less.

        What is an amount for the whole line is shared out; the rest of it is left here.
        """
        return {}

    @property
    def amounts(self) -> Amounts:
        """Its amounts as they are kept."""
        return Amounts(self.total, self.tax)

    @property
    def terms(self) -> LineTerms:
        """What it costs; a kind of document that knows discounts says them too."""
        return LineTerms(
            self.quantity, self.unit_price, self.tax_rate, cancelled=self.quantity_cancelled
        )

    @property
    def discount_said(self) -> str:
        """What is off it, as somebody has said it; "" where nothing is."""
        return ""


@cache
def first_values(kind: type[DocumentLine]) -> Mapping[str, Any]:
    """Give what begins at zero, at no or empty: a new line has it before it is written."""
    defaults = {
        attr.key: getattr(attr.columns[0].default, "arg", None)
        for attr in inspect(kind).column_attrs
    }
    return {name: it for name, it in defaults.items() if it in (ZERO, False, "")}


def line_rules() -> tuple[CheckConstraint, ...]:
    """Give what the database refuses of lines of every kind."""
    return (
        CheckConstraint("quantity > 0", "quantity"),
        CheckConstraint("unit_price >= 0", "unit_price"),
        CheckConstraint("tax_rate BETWEEN 0 AND 100", "tax_rate"),
    )
