"""What Magento's records say in our terms. What cannot be used of a record is left out.

A configurable product is a parent line and a child line of the same SKU and quantity: the
parent is taken, it has the price. Of a bundle the children are taken: they lie on the shelf.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from app.catalog.rules import parse_code, parse_email, parse_line
from app.integrations.hub.errors import Unreadable

ZERO = Decimal(0)
PRICE = Decimal("0.0001")
GOODS = {"simple", "virtual", "downloadable"}  # what a shop sells as it is
NO_GOODS = {"virtual", "downloadable", "giftcard"}  # nothing of them lies on a shelf
STATES = {
    *("new", "pending_payment", "payment_review", "processing", "holded"),
    *("complete", "closed", "canceled"),
}
TOGETHER = "0"  # a bundle's `shipment_type`: 1 is each part by itself

Record = Mapping[str, Any]


class Line(NamedTuple):
    """Goods of an order. Quantities are pieces; the price is for one, without tax."""

    item_id: str
    product_ref: str  # the shop's number of the product that lies on the shelf
    sku: str
    name: str
    ordered: Decimal  # less what was cancelled or refunded since
    invoiced: Decimal  # less what was refunded
    shipped: Decimal
    unit_price: Decimal
    tax_rate: Decimal  # percent


class Bundle(NamedTuple):
    """The parent line of a bundle, and how many of each child line one of it has."""

    item_id: str
    product_ref: str
    parts: Mapping[str, Decimal]


def product(record: Record) -> dict[str, Any] | None:
    """A product; one that stands for others, as configurables do, lies on no shelf."""
    if record.get("type_id") not in GOODS:
        return None
    return {
        "sku": _code(record.get("sku")),
        "name": _line(record.get("name")) or _line(record.get("sku")),
        "price": _price(record.get("price")),
        "is_active": record.get("status") == 1,
    }


def lines(order: Record, invoiced: Mapping[str, Decimal]) -> list[Line]:
    """The goods of an order; `invoiced` is what its invoices say, by line.

    Raises:
        Unreadable: It has no lines, or one of them no quantity.
    """
    items = _items(order)
    parents = {_id(item): item for item in items}
    found = []
    for item in items:
        parent = parents.get(_ref(item.get("parent_item_id")))
        if _is_goods(item, parent, items):
            child = item if parent else _child(item, items)
            found.append(_goods(item, child or item, parent, invoiced))
    return found


def bundles(order: Record) -> list[Bundle]:
    """The bundles of an order."""
    items = _items(order)
    return [
        Bundle(
            _id(item),
            _ref(item.get("product_id")),
            {
                _id(part): _quantity(part, "qty_ordered") / _quantity(item, "qty_ordered")
                for part in items
                if _ref(part.get("parent_item_id")) == _id(item)
            },
        )
        for item in items
        if item.get("product_type") == "bundle" and _quantity(item, "qty_ordered")
    ]


def ships_together(bundle_product: Record | None) -> bool:
    """Tell whether Magento ships a bundle as one line, its parent's."""
    attributes = (bundle_product or {}).get("custom_attributes")
    for one in attributes if isinstance(attributes, list) else []:
        if isinstance(one, dict) and one.get("attribute_code") == "shipment_type":
            return str(one.get("value")) == TOGETHER
    return False


def invoice_of(record: Record) -> tuple[str, dict[str, Decimal]]:
    """The order of an invoice, and how many of which lines it asks money for.

    Raises:
        Unreadable: It names no order, or no lines.
    """
    order_id = _ref(record.get("order_id"))
    items = record.get("items")
    if not order_id or not isinstance(items, list):
        raise Unreadable("An invoice needs an order and lines.")
    if record.get("state") == 3:  # noqa: PLR2004  (cancelled)
        return order_id, {}
    found: dict[str, Decimal] = {}
    for item in items:
        line = _ref(item.get("order_item_id"))
        found[line] = found.get(line, ZERO) + _quantity(item, "qty")
    return order_id, found


def state(order: Record) -> str:
    """Where an order stands.

    Raises:
        Unreadable: It does not say, or in no word of Magento's.
    """
    said = order.get("state")
    if said is None or said == "":
        raise Unreadable("It says no state, so nobody knows whether to ship it.")
    if said not in STATES:
        raise Unreadable(f"Its state is {str(said)[:50]}, which is none of Magento's.")
    return str(said)


def head(order: Record) -> dict[str, Any]:
    """What an order says apart from its lines, by our columns.

    Raises:
        Unreadable: It has no number or no date.
    """
    address = _address(order)
    street = address.get("street")
    street = street if isinstance(street, list) else [street]
    return {
        "external_number": number(order),
        "customer_po": number(order),  # what the customer calls it
        "order_date": _date(order.get("created_at")),
        "currency": str(order.get("order_currency_code") or ""),
        "notes": _line(order.get("shipping_description")),
        "ship_name": _name(address),
        "ship_company": _line(address.get("company")),
        "ship_street": "\n".join(filter(None, map(_line, street))),
        "ship_city": _line(address.get("city")),
        "ship_region": _line(address.get("region")),
        "ship_postcode": _line(address.get("postcode")),
        "ship_country": _line(address.get("country_id")).upper(),
        "ship_phone": _line(address.get("telephone")),
    }


def customer(order: Record) -> dict[str, Any]:
    """Who has ordered; guests too.

    Raises:
        Unreadable: Nobody is named.
    """
    billing = order.get("billing_address")
    billing = billing if isinstance(billing, dict) else {}
    names = [order.get("customer_firstname"), order.get("customer_lastname")]
    name = " ".join(filter(None, map(_line, names))) or _name(billing)
    said = order.get("customer_email") or billing.get("email")
    email = _optional(said, parse_email) or ""
    if not (name or email):
        raise Unreadable("It names no customer.")
    return {"name": name or email, "email": email, "company": _line(billing.get("company"))}


def number(order: Record) -> str:
    """The number that people know an order by.

    Raises:
        Unreadable: It has none.
    """
    said = _line(order.get("increment_id"))
    if not said:
        raise Unreadable("It has no increment_id.")
    return said


def _is_goods(item: Record, parent: Record | None, items: Sequence[Record]) -> bool:
    if item.get("product_type") in NO_GOODS or item.get("is_virtual") in (1, "1", True):
        return False
    if parent is not None:
        return parent.get("product_type") == "bundle"
    return not (item.get("product_type") == "bundle" and _child(item, items))


def _child(item: Record, items: Sequence[Record]) -> Record | None:
    mine = (one for one in items if _ref(one.get("parent_item_id")) == _id(item))
    return next(mine, None)


def _goods(
    item: Record, child: Record, parent: Record | None, invoices: Mapping[str, Decimal]
) -> Line:
    ordered = _quantity(item, "qty_ordered")
    refunded = _quantity(item, "qty_refunded")
    invoiced = max(_quantity(item, "qty_invoiced"), invoices.get(_id(item), ZERO))
    if parent is not None and not invoiced and _quantity(parent, "qty_ordered"):
        # A bundle at a price of its own is invoiced as a whole.
        whole = max(_quantity(parent, "qty_invoiced"), invoices.get(_id(parent), ZERO))
        invoiced = whole * ordered / _quantity(parent, "qty_ordered")
    return Line(
        item_id=_id(item),
        product_ref=_ref(child.get("product_id")),
        sku=_code(item.get("sku")),
        name=_line(item.get("name")),
        ordered=max(ordered - _quantity(item, "qty_canceled") - refunded, ZERO),
        invoiced=max(invoiced - refunded, ZERO),
        shipped=_quantity(item, "qty_shipped"),
        unit_price=_unit_price(item, ordered),
        tax_rate=_amount(item.get("tax_percent")) or ZERO,
    )


def _unit_price(item: Record, ordered: Decimal) -> Decimal:
    """In the order's currency, less the discount of the row."""
    row = _amount(item.get("row_total"))
    if row is None or not ordered:
        return max(_amount(item.get("price")) or ZERO, ZERO)
    discount = _amount(item.get("discount_amount")) or ZERO
    return max((row - discount) / ordered, ZERO).quantize(PRICE)


def _items(order: Record) -> list[Record]:
    items = order.get("items")
    if not isinstance(items, list) or not items:
        raise Unreadable("It has no lines.")
    if not all(isinstance(item, dict) and _ref(item.get("item_id")) for item in items):
        raise Unreadable("One of its lines has no number.")
    return items


def _id(item: Record) -> str:
    return _ref(item.get("item_id"))


def _ref(said: Any) -> str:
    return str(said) if isinstance(said, int | str) and str(said).isdecimal() else ""


def _address(order: Record) -> Record:
    """Where goods go: the first shipping address; an order of a shop's own may have none."""
    more = order.get("extension_attributes")
    assigned = more.get("shipping_assignments") if isinstance(more, dict) else None
    for one in assigned if isinstance(assigned, list) else []:
        found = one.get("shipping", {}).get("address") if isinstance(one, dict) else None
        if isinstance(found, dict):
            return found
    billing = order.get("billing_address")
    return billing if isinstance(billing, dict) else {}


def _name(address: Record) -> str:
    parts = ("prefix", "firstname", "middlename", "lastname", "suffix")
    return " ".join(filter(None, (_line(address.get(part)) for part in parts)))


def _line(said: Any) -> str:
    return _optional(said, parse_line) or ""


def _code(said: Any) -> str:
    return _optional(said, parse_code) or ""


def _optional(said: Any, rule: Callable[[str], str]) -> str | None:
    if said is None:
        return ""
    try:
        return rule(str(said))
    except ValueError:
        return None


def _date(said: Any) -> date:
    try:
        return datetime.fromisoformat(said).replace(tzinfo=UTC).date()
    except (TypeError, ValueError) as error:
        raise Unreadable("It has no date.") from error


def _price(said: Any) -> Decimal | None:
    """A price; without one ours stays."""
    price = _amount(said)
    if price is not None and price < 0:
        raise Unreadable(f"A price of {price} is less than nothing.")
    return price


def _quantity(item: Record, name: str) -> Decimal:
    said = item.get(name)
    found = _amount(0 if said is None else said)
    if found is None or found < 0:
        raise Unreadable(f"{name} of a line is no quantity.")
    return found


def _amount(said: Any) -> Decimal | None:
    try:
        found = Decimal(str(said))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
