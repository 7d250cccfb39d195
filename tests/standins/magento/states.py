"""The state of an order: what paying, cancelling, holding and refunding do to it."""

from tests.standins.magento import lines
from tests.standins.magento.amounts import number
from tests.standins.objects import Object


def note_state(fields: Object) -> None:
    """Move an order on: to processing once something is paid, to complete when all is done."""
    if fields["state"] not in {"new", "processing", "complete"}:
        return
    items = fields["items"]
    goods = [one for one in items if lines.is_shipped_alone(one, items)]
    is_shipped = not any(lines.remaining(one, "qty_shipped") for one in goods)
    is_paid = not any(lines.remaining(one, "qty_invoiced") for one in lines.tops(items))
    started = any(one["qty_invoiced"] or one["qty_shipped"] for one in items)
    state = "complete" if is_shipped and is_paid else "processing" if started else "new"
    fields["state"] = state
    fields["status"] = "pending" if state == "new" else state


def cancel(fields: Object) -> bool:
    """Cancel what is not invoiced yet; False: it cannot be cancelled."""
    items = fields["items"]
    left = any(lines.remaining(one, "qty_invoiced") for one in lines.tops(items))
    if fields["state"] in {"canceled", "complete", "closed", "holded"} or not left:
        return False
    for one in items:
        one["qty_canceled"] = number(one["qty_ordered"] - one["qty_invoiced"])
    fields["state"] = fields["status"] = "canceled"
    return True


def refund(fields: Object) -> bool:
    """Give the money back, without the goods coming back; False: nothing was paid."""
    if not fields["total_paid"] or fields["state"] in {"canceled", "closed", "holded"}:
        return False
    for one in fields["items"]:
        one["qty_refunded"] = one["qty_invoiced"]
    for base in ("", "base_"):
        fields[f"{base}total_refunded"] = fields[f"{base}total_paid"]
    fields["state"] = fields["status"] = "closed"
    return True


def review(fields: Object) -> None:
    """Let somebody look at the payment first."""
    fields["state"] = fields["status"] = "payment_review"


def cancel_by_force(fields: Object) -> None:
    """Cancel although it is paid, as shops do with refunds outside."""
    fields["state"] = fields["status"] = "canceled"


def hold(fields: Object) -> bool:
    """Put an order on hold; False: it cannot be."""
    if fields["state"] not in {"new", "processing"}:
        return False
    fields["hold_before_state"] = fields["state"]
    fields["hold_before_status"] = fields.get("status")
    fields["state"] = fields["status"] = "holded"
    return True


def unhold(fields: Object) -> bool:
    """Let an order on; False: it was not on hold."""
    if fields["state"] != "holded":
        return False
    fields["state"] = fields.pop("hold_before_state")
    fields["status"] = fields.pop("hold_before_status")
    return True
