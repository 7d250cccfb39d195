"""Loads orders from a file, order by order, through the services that people use."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Row, func, insert, select

from app.core.codes import normal_code
from app.core.db import db, transaction
from app.core.errors import DomainError, Invalid
from app.imports.definition import Counts
from app.imports.staging import Staging
from app.orders import queries, services
from app.orders.importers.fields import OF_LINE, OF_ORDER
from app.orders.models import ItemDraft, SalesOrder

CHANNEL = "import"
PART = "Row {} of this order is wrong: an order is taken as a whole, so put that right first."
BESIDE = "A row beside it has no order number and may belong to this order: put it right first."


class Undone(Exception):
    """Takes back what a dry run has written."""


class Refusal(NamedTuple):
    """Why the rows of an order are not taken, and the field that says so."""

    field: str
    reason: str


class OrderLoad:
    """Makes orders what the file says. An order is taken as a whole or not at all.

    The number is ours, or that of a file before. Only drafts are changed: what is confirmed
    is owed to a customer, which no file breaks.
    """

    def __init__(self, staging: Staging) -> None:
        self.staging = staging
        self.session = staging.session
        self.counts = {"created": 0, "updated": 0, "unchanged": 0}
        self.refused: list[tuple[Sequence[Row[Any]], Refusal]] = []

    def __call__(self) -> Counts:
        """Write the orders; in a dry run, take all of it back."""
        for name, label in {"number": "order number", "sku": "SKU"}.items():
            missing = self.staging.rows.c[name].is_(None)
            self.staging.refuse_where(name, missing, f"The {label} is missing.")
        orders = [*self._orders()]
        try:
            with transaction():
                self._load_all(orders)
                self._undo_dry_run()
        except Undone:
            self.session.expire_all()
        self._tell()
        return Counts(**self.counts)

    def _undo_dry_run(self) -> None:
        if self.staging.dry_run:
            raise Undone

    def _orders(self) -> Iterator[list[Row[Any]]]:
        """The rows of each order, in the order of the file."""
        rows = self.staging.rows.c
        found = self.session.execute(select(self.staging.rows).order_by(rows.row)).all()
        by_number: dict[str, list[Row[Any]]] = {}
        for row in found:
            by_number.setdefault(normal_code(row.number), []).append(row)
        yield from by_number.values()

    def _load_all(self, orders: Sequence[list[Row[Any]]]) -> None:
        wrong, doubtful = self._wrong(), self._doubtful()
        for rows in orders:
            number = normal_code(rows[0].number)
            if number in wrong or doubtful & {row.row for row in rows}:
                reason = PART.format(wrong[number]) if number in wrong else BESIDE
                self.refused.append((rows, Refusal("number", reason)))
                continue
            try:
                with transaction():
                    what = self._load(rows)
            except DomainError as error:
                field = next(iter(error.fields), "number").partition(".")[0]
                self.refused.append((rows, Refusal(field, str(error))))
            else:
                self.counts[what] += len(rows)

    def _wrong(self) -> dict[str, int]:
        """Orders of which a row is wrong, with the first such row."""
        errors = self.staging.errors.c
        first = select(errors.group, func.min(errors.row)).where(errors.group > "")
        rows = self.session.execute(first.group_by(errors.group))
        return {normal_code(number): row for number, row in rows}

    def _doubtful(self) -> set[int]:
        """Rows next to wrong ones without a number: those may belong to either order."""
        rows, errors = self.staging.rows.c, self.staging.errors.c
        good = select(rows.row, rows.number).order_by(rows.row)
        lines = [(row, number) for row, number in self.session.execute(good)]
        unnamed = func.coalesce(errors.group, "") == ""
        bad = select(errors.row).where(unnamed).distinct()
        wrong = [(row, None) for row in self.session.scalars(bad)]
        runs = [
            (number is None, [row for row, _number in run])
            for number, run in groupby(
                sorted([*lines, *wrong], key=itemgetter(0)), key=itemgetter(1)
            )
        ]
        doubtful: set[int] = set()
        for place, (is_wrong, _rows) in enumerate(runs):
            if is_wrong:
                doubtful |= {row for _, rows in runs[:place][-1:] for row in rows[-1:]}
                doubtful |= {row for _, rows in runs[place + 1 :][:1] for row in rows[:1]}
        return doubtful

    def _load(self, rows: Sequence[Row[Any]]) -> str:
        head, items = self._head(rows), [_draft(row) for row in rows]
        order = self._known(rows[0].number)
        if order is None:
            customer = services.find_customer(head.pop("customer", "") or "")
            number = rows[0].number
            services.create_order(
                customer_id=customer.id,
                items=items,
                channel=CHANNEL,
                external_number=number,
                **head,
            )
            return "created"
        if not self.staging.update:
            return "unchanged"
        return self._change(order, head, items)

    def _change(
        self, order: SalesOrder, head: dict[str, Any], items: Sequence[ItemDraft]
    ) -> str:
        if customer := head.pop("customer", None):
            head["customer_id"] = services.find_customer(customer).id
        if order.status != "draft":
            self._refuse_other(order, head, items)
            return "unchanged"
        before = order.version
        changed = services.change_order(order.id, version=None, items=items, **head)
        return "unchanged" if changed.version == before else "updated"

    def _refuse_other(
        self, order: SalesOrder, head: dict[str, Any], items: Sequence[ItemDraft]
    ) -> None:
        """What is confirmed may stand in the file as it is, and not otherwise."""
        wanted = services.items_of(
            items, defaults=services.defaults_of(order), lines=order.lines
        )
        is_same = all(getattr(order, name) == value for name, value in head.items())
        if not is_same or wanted != order.items:
            reason = f"{order.number} is {order.status_label}: a file changes drafts only."
            raise Invalid("number", reason)

    def _known(self, number: str) -> SalesOrder | None:
        ours = queries.with_lines(queries.order_with_number(number))
        found = db.session.scalars(ours).one_or_none()
        return (
            found or db.session.scalars(queries.order_of_channel(CHANNEL, number)).one_or_none()
        )

    def _head(self, rows: Sequence[Row[Any]]) -> dict[str, Any]:
        """What the rows say of the order: in one row or in all, but not two things."""
        head: dict[str, Any] = {}
        for name in OF_ORDER:
            said = {value for row in rows if (value := getattr(row, name)) is not None}
            if len(said) > 1:
                raise Invalid(name, "The rows of this order differ here.")
            if said:
                head[name] = said.pop()
        return head

    def _tell(self) -> None:
        """List the rows that were not taken."""
        lines = [
            {
                "row": row.row,
                "field": refusal.field if hasattr(row, refusal.field) else "number",
                "value": str(getattr(row, refusal.field, None) or row.number),
                "error": refusal.reason,
            }
            for rows, refusal in self.refused
            for row in rows
        ]
        if lines:
            self.session.execute(insert(self.staging.errors), lines)


def _draft(row: Row[Any]) -> ItemDraft:
    if row.quantity is None:
        raise Invalid("quantity", "The quantity is missing.")
    told = {name: getattr(row, name) for name in OF_LINE}
    rate, discount = told.pop("line_tax_rate"), told.pop("line_discount")
    return ItemDraft(tax_rate=rate, discount=discount, **told)
