"""What an order of a shop says in words: carriage, payment, wishes of whoever has ordered."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.integrations.systems.magento.fields import line, paragraphs
from app.integrations.systems.magento.values import shipping_of

Record = Mapping[str, Any]


def notes_of(order: Record) -> str:
    """What nobody has a column for: carriage, payment, what the customer has written."""
    currency, costs = line(order.get("order_currency_code")), shipping_of(order)
    price = f", {costs:.2f} {currency}" if costs else ""
    way = line(order.get("shipping_description"))
    note = paragraphs(order.get("customer_note"))
    said = [
        f"Shipping: {way or 'as agreed'}{price}" if way or costs else "",
        f"Payment: {paid}" if (paid := _payment(order)) else "",
        f"Coupon: {coupon}" if (coupon := line(order.get("coupon_code"))) else "",
        f"The customer says: {note}" if note else "",
        *_messages(order),
    ]
    return "\n".join(filter(None, said))


def _messages(order: Record) -> Iterator[str]:
    """What somebody who packs has to know: messages of gifts, and what was chosen of a line."""
    yield from _gift(order, "Gift message")
    for item in order.get("items") or ():
        sku = line(item.get("sku")) if isinstance(item, dict) else ""
        if not sku:
            continue
        yield from _gift(item, f"Gift message with {sku}")
        chosen = _within(item, "product_option", "extension_attributes", "custom_options")
        for option in chosen if isinstance(chosen, list) else ():
            if isinstance(option, dict) and option.get("option_value") not in (None, ""):
                number, said = line(option.get("option_id")), line(option["option_value"])
                yield f"{sku}, option {number}: {said}"


def _gift(record: Record, label: str) -> Iterator[str]:
    if said := paragraphs(_within(record, "extension_attributes", "gift_message", "message")):
        yield f"{label}: {said}"


def _within(record: Any, *names: str) -> Any:
    for name in names:
        record = record.get(name) if isinstance(record, dict) else None
    return record


def _payment(order: Record) -> str:
    payment = order.get("payment")
    payment = payment if isinstance(payment, dict) else {}
    more = payment.get("additional_information")
    first = more[0] if isinstance(more, list) and more else None
    return line(first) or line(payment.get("method"))
