"""Loads purchase orders from a file, order by order, through the services that people use."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from app.catalog.models import Vendor
from app.core.db import db
from app.core.errors import Invalid
from app.imports.orders import OrdersLoad
from app.purchasing import queries, services
from app.purchasing.importers.fields import OF_LINE, OF_ORDER
from app.purchasing.models import PurchaseDraft, PurchaseOrder

CHANNEL = "import"


class PurchaseOrderLoad(OrdersLoad):
    """Makes purchase orders what the file says.

    The number is ours, or that of a file before. Only drafts are changed: what is approved or
    sent stays as the vendor has it.
    """

    of_order = OF_ORDER

    def load(self, rows: Sequence[Row[Any]]) -> str:
        """Write one order."""
        head, items = self.head_of(rows), [_draft(row) for row in rows]
        if code := head.pop("warehouse", None):
            head["warehouse_id"] = services.find_warehouse(code)
        vendor = services.find_vendor(name).id if (name := head.pop("vendor", None)) else None
        order = self._known(rows[0].number)
        if order is None:
            if vendor is None:
                raise Invalid("vendor", "Say from which vendor.")
            number = rows[0].number
            services.create_order(
                vendor_id=vendor, items=items, channel=CHANNEL, external_number=number, **head
            )
            return "created"
        if vendor is not None:
            head["vendor_id"] = vendor
        return self._change(order, head, items) if self.staging.update else "unchanged"

    def _change(
        self, order: PurchaseOrder, head: dict[str, Any], items: Sequence[PurchaseDraft]
    ) -> str:
        if order.status != "draft":
            self._refuse_other(order, head, items)
            return "unchanged"
        before = order.version
        changed = services.change_order(order.id, version=None, items=items, **head)
        return "unchanged" if changed.version == before else "updated"

    def _refuse_other(
        self, order: PurchaseOrder, head: dict[str, Any], items: Sequence[PurchaseDraft]
    ) -> None:
        """What is approved may stand in the file as it is, and not otherwise."""
        vendor = self.session.get(Vendor, order.vendor_id)
        assert vendor  # noqa: S101  (a foreign key says so)
        defaults = services.defaults_of(order, vendor.currency)
        wanted = services.items_of(items, defaults=defaults, lines=order.lines)
        is_same = all(getattr(order, name) == value for name, value in head.items())
        if not is_same or wanted != order.items:
            reason = f"{order.number} is {order.status_label}: a file changes drafts only."
            raise Invalid("number", reason)

    def _known(self, number: str) -> PurchaseOrder | None:
        ours = queries.with_lines(queries.order_with_number(number))
        found = db.session.scalars(ours).one_or_none()
        return found or db.session.scalars(queries.order_of_file(number)).one_or_none()


def _draft(row: Row[Any]) -> PurchaseDraft:
    if row.quantity is None:
        raise Invalid("quantity", "The quantity is missing.")
    return PurchaseDraft(**{name: getattr(row, name) for name in OF_LINE})
