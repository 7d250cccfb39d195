"""A document: its number, the state it is in, and what its lines add up to."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.schema import SchemaItem

from app.core.audit import Audited
from app.core.db import Model, Money
from app.core.indexes import prefix_index
from app.core.versions import Versioned
from app.documents.models.amounts import DocumentAmounts, Shipping, document_amounts
from app.documents.models.discounts import Discount
from app.documents.models.lines import ZERO, Percent
from app.documents.models.numbers import Numbering
from app.documents.models.states import State, States


class Document(Audited, Versioned, Model):
    """What documents of all kinds have. Only services change its amounts and its lines.

    `own_columns` are those that a document split off does not have from the first one.
    """

    __abstract__ = True
    # When it was changed is part of nearly every answer: the change itself tells it.
    __mapper_args__ = {"eager_defaults": True}
    states: ClassVar[States]
    numbering: ClassVar[Numbering]
    unaudited = frozenset({"number_key", "subtotal", "tax"})
    own_columns: ClassVar[frozenset[str]] = frozenset(
        {"id", "created_at", "updated_at", "version", "number", "status", "split_from_id"}
        | {"subtotal", "tax", "total"}
    )

    number: Mapped[str] = mapped_column(unique=True)
    number_key: Mapped[str] = mapped_column(
        Computed("code_key(number)", persisted=True), deferred=True
    )
    status: Mapped[str] = mapped_column(default="draft", server_default="draft")
    currency: Mapped[str] = mapped_column(server_default="USD", default="USD")  # ISO 4217
    notes: Mapped[str] = mapped_column(server_default="", default="")
    # In percent, for lines that say nothing else.
    tax_rate: Mapped[Decimal] = mapped_column(Percent, server_default="0", default=ZERO)
    subtotal: Mapped[Decimal] = mapped_column(Money, server_default="0", default=ZERO)
    tax: Mapped[Decimal] = mapped_column(Money, server_default="0", default=ZERO)
    total: Mapped[Decimal] = mapped_column(Money, server_default="0", default=ZERO)

    if TYPE_CHECKING:  # a relationship of each kind, to lines of its own
        lines: Mapped[list[Any]]

    @declared_attr
    def split_from_id(cls) -> Mapped[int | None]:  # noqa: N805  (SQLAlchemy gives the class)
        """The document that it was a part of."""
        return mapped_column(ForeignKey(f"{cls.__tablename__}.id"))

    def __str__(self) -> str:
        return self.number

    @property
    def state(self) -> State:
        """Its state as people see it."""
        return self.states[self.status]

    @property
    def status_label(self) -> str:
        """Its state in words, within a sentence."""
        return self.state.label.lower()

    @property
    def is_open(self) -> bool:
        """Tell whether something of it is still owed."""
        return self.state.is_open

    def may_become(self, status: str) -> bool:
        """Tell whether a state may follow the present one."""
        return self.states.may_follow(self.status, status)

    def move_to(self, status: str) -> None:
        """Take the next step.

        Raises:
            NotAllowed: That state does not follow the present one.
        """
        self.states.refuse(self.number, self.status, status)
        self.status = status
        self.version += 1

    @property
    def terms(self) -> tuple[Discount, Shipping]:
        """What is off the whole of it, and its shipping: not all kinds have them."""
        return Discount(), Shipping()

    @property
    def amounts(self) -> DocumentAmounts:
        """What it comes to, reckoned anew; see `app.documents.models.amounts` for the rule."""
        discount, shipping = self.terms
        terms = [line.terms for line in self.lines]
        return document_amounts(
            terms, currency=self.currency, discount=discount, shipping=shipping
        )

    def share_with(self, apart: Any, before: DocumentAmounts) -> None:
        """Share what was agreed for the whole with the document that is split off.

        `before` is what this one came to until then. The lines of both are as they are now.
        """

    def add_up(self) -> None:
        """Make the amounts that are kept follow from its lines, its discount and shipping."""
        sums = self.amounts
        for line, amounts in zip(self.lines, sums.lines, strict=True):
            line.total, line.tax = amounts
        self.subtotal, self.tax, self.total = sums.subtotal, sums.tax, sums.total


def document_rules(
    table: str, states: States, *, total: str = "subtotal + tax"
) -> tuple[SchemaItem, ...]:
    """Give what the database refuses of documents of a kind, and how it finds them.

    `total` is what its total is made of.
    """
    return (
        Index(f"ix_{table}_split_from", "split_from_id"),
        prefix_index(table, "number_key"),
        CheckConstraint(f"status IN {tuple(states)}", "status"),
        CheckConstraint("number <> ''", "number"),
        CheckConstraint(f"subtotal >= 0 AND tax >= 0 AND total = {total}", "amounts"),
        CheckConstraint("tax_rate BETWEEN 0 AND 100", "tax_rate"),
        CheckConstraint("split_from_id <> id", "split_from"),
    )
