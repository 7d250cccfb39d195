"""Loads orders from a file, order by order, through the services that people use."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from app.core.db import db
from app.core.errors import Invalid
from app.imports.orders import OrdersLoad
from app.orders import queries, services
from app.orders.importers.fields import OF_LINE, OF_ORDER
from app.orders.models import ItemDraft, SalesOrder

CHANNEL = "import"


class OrderLoad(OrdersLoad):
    """Makes sales orders what the file says.

    The number is ours, or that of a file before. Only drafts are changed: what is confirmed
    is owed to a customer, which no file breaks.
    """

    of_order = OF_ORDER

    def load(self, rows: Sequence[Row[Any]]) -> str:
        """Write one order."""
        head, items = self.head_of(rows), [_draft(row) for row in rows]
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


def _draft(row: Row[Any]) -> ItemDraft:
    if row.quantity is None:
        raise Invalid("quantity", "The quantity is missing.")
    told = {name: getattr(row, name) for name in OF_LINE}
    rate, discount = told.pop("line_tax_rate"), told.pop("line_discount")
    return ItemDraft(tax_rate=rate, discount=discount, **told)
