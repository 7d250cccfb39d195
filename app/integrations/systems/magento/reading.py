"""What Magento's records say in our terms. What cannot be used of a record is left out.

A configurable product is a parent line and a child line of the same SKU and quantity: the
parent is taken, it has the price. Of a bundle the children are taken: they lie on the shelf.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from app.catalog.importers.barcodes import parse_barcodes
from app.catalog.rules import parse_country, parse_email
from app.core.quantities import MONEY_DECIMALS, half_up
from app.documents.models import Discount
from app.integrations.hub.errors import Unreadable
from app.integrations.systems.magento.fields import (
    ZERO,
    amount,
    code,
    line,
    optional,
    quantity,
    ref,
)
from app.integrations.systems.magento.notes import notes_of
from app.integrations.systems.magento.values import Value, Worth, worth_of

GOODS = {"simple", "virtual", "downloadable"}  # what a shop sells as it is
NO_GOODS = {"virtual", "downloadable", "giftcard"}  # nothing of them lies on a shelf
# What else an extension sells may lie on one, or not: only who made a product of it knows.
SHIPPED = {"simple", "configurable", "bundle", "grouped"}
STATES = {
    *("new", "pending_payment", "payment_review", "processing", "holded"),
    *("complete", "closed", "canceled"),
}
BARCODES = ("barcode", "ean", "ean13", "gtin", "upc")  # attributes that shops have it in
PLACE = ("street", "city", "postcode")  # one of them at least is in every address
TOGETHER = "0"  # a bundle's `shipment_type`: 1 is each part by itself

Record = Mapping[str, Any]


class Line(NamedTuple):
    """Goods of an order. Quantities are pieces; the price is for one, without tax."""

    item_id: str
    product_ref: str  # the shop's number of the product that lies on the shelf
    sku: str
    name: str
    product_type: str  # as the shop has it
    ordered: Decimal  # less what was cancelled or refunded since
    refunded: Decimal
    invoiced: Decimal  # less what was refunded
    shipped: Decimal
    unit_price: Decimal
    tax_rate: Decimal  # percent
    discount: Decimal = ZERO  # off all pieces that were ordered at first
    pieces: Decimal = ZERO  # how many these were

    def discount_of(self, quantity: Decimal) -> str:
        """What is off so many pieces, as orders say it."""
        part = quantity / self.pieces if self.pieces else ZERO
        return str(Discount(round(self.discount * part, MONEY_DECIMALS)))


class Bundle(NamedTuple):
    """The parent line of a bundle, and how many of each child line one of it has."""

    item_id: str
    product_ref: str
    parts: Mapping[str, Decimal]


def product(record: Record) -> dict[str, Any] | None:
    """A product; one that stands for others, as configurables do, lies on no shelf."""
    if record.get("type_id") not in GOODS:
        return None
    told = list[str]()
    return {
        "sku": code(record.get("sku")),
        "name": line(record.get("name")) or line(record.get("sku")),
        "price": _price("price", record.get("price"), told),
        "cost": _price("cost", attribute(record, "cost"), told),
        "barcodes": _barcodes(record, told),
        "is_active": _is_active(record.get("status")),
        "left_out": told,
    }


def _barcodes(record: Record, told: list[str]) -> str | None:
    """Its barcode, in whichever attribute a shop has it; None without one."""
    said = dict.fromkeys(line(attribute(record, name)) for name in BARCODES)
    codes = [one for one in said if one]
    if not codes:
        return None
    try:
        return parse_barcodes("; ".join(re.sub(r"([;|\\])", r"\\\1", one) for one in codes))
    except ValueError as error:
        told.append(f"barcode {', '.join(codes)[:60]} ({error})")
        return None


def _is_active(status: Any) -> bool:
    """Tell whether a product is for sale there: 1 is, 2 is not.

    Raises:
        Unreadable: It does not say.
    """
    if str(status) not in {"1", "2"}:
        raise Unreadable(f"Its status is {str(status)[:20]}: 1 is for sale, 2 is not.")
    return str(status) == "1"


def lines(order: Record, invoiced: Mapping[str, Decimal]) -> list[Line]:
    """The goods of an order; `invoiced` is what its invoices say, by line.

    Raises:
        Unreadable: It has no lines, or one of them no quantity.
    """
    return lines_and_worth(order, invoiced)[0]


def lines_and_worth(order: Record, invoiced: Mapping[str, Decimal]) -> tuple[list[Line], Worth]:
    """The same, and what all its lines come to, beside what the shop says it costs.

    Raises:
        Unreadable: As above.
    """
    items = _items(order)
    parents = {_id(item): item for item in items}
    found, worth = [], worth_of(order, items)
    for item in items:
        parent = parents.get(ref(item.get("parent_item_id")))
        if _is_goods(item, parent, items):
            child = item if parent else _child(item, items)
            value = worth.values.get(_id(item), Value(ZERO, ZERO))
            found.append(_goods(item, child or item, parent, value, invoiced))
    return found, worth


def bundles(order: Record) -> list[Bundle]:
    """The bundles of an order."""
    items = _items(order)
    return [
        Bundle(
            _id(item),
            ref(item.get("product_id")),
            {
                _id(part): quantity(part, "qty_ordered") / quantity(item, "qty_ordered")
                for part in items
                if ref(part.get("parent_item_id")) == _id(item)
            },
        )
        for item in items
        if item.get("product_type") == "bundle" and quantity(item, "qty_ordered")
    ]


def ships_together(bundle_product: Record | None) -> bool:
    """Tell whether Magento ships a bundle as one line, its parent's."""
    return str(attribute(bundle_product or {}, "shipment_type")) == TOGETHER


def attribute(product: Record, name: str) -> Any:
    """What a product says in an attribute that is none of its columns; None if nothing."""
    found = product.get("custom_attributes")
    for one in found if isinstance(found, list) else []:
        if isinstance(one, dict) and one.get("attribute_code") == name:
            return one.get("value")
    return None


def invoice_of(record: Record) -> tuple[str, dict[str, Decimal]]:
    """The order of an invoice, and how many of which lines it asks money for.

    Raises:
        Unreadable: It names no order, or no lines.
    """
    order_id = ref(record.get("order_id"))
    items = record.get("items")
    if not order_id or not isinstance(items, list):
        raise Unreadable("An invoice needs an order and lines.")
    if record.get("state") == 3:  # noqa: PLR2004  (cancelled)
        return order_id, {}
    found: dict[str, Decimal] = {}
    for item in items:
        line = ref(item.get("order_item_id"))
        found[line] = found.get(line, ZERO) + quantity(item, "qty")
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
        "notes": notes_of(order),
        "ship_name": _name(address),
        "ship_company": line(address.get("company")),
        "ship_street": "\n".join(filter(None, map(line, street))),
        "ship_city": line(address.get("city")),
        "ship_region": line(address.get("region")),
        "ship_postcode": line(address.get("postcode")),
        "ship_country": line(address.get("country_id")).upper(),
        "ship_phone": line(address.get("telephone")),
    }


def address(order: Record) -> dict[str, str]:
    """Where goods go, by our columns."""
    return {name: said for name, said in head(order).items() if name.startswith("ship_")}


def customer(order: Record) -> dict[str, Any]:
    """Who has ordered; guests too.

    Raises:
        Unreadable: Nobody is named.
    """
    billing = order.get("billing_address")
    billing = billing if isinstance(billing, dict) else {}
    names = [order.get("customer_firstname"), order.get("customer_lastname")]
    name = " ".join(filter(None, map(line, names))) or _name(billing)
    said = order.get("customer_email") or billing.get("email")
    email = optional(said, parse_email) or ""
    if not (name or email):
        raise Unreadable("It names no customer.")
    street = billing.get("street")
    lines = [line(one) for one in (street if isinstance(street, list) else [street])]
    vat = line(order.get("customer_taxvat")) or line(billing.get("vat_id"))
    notes = [
        f"VAT number: {vat}" if vat else "",
        f"E-mail as the shop has it: {line(said)}" if said and not email else "",
    ]
    return {
        "name": name or email,
        "email": email,
        "company": line(billing.get("company")),
        "phone": line(billing.get("telephone")),
        "address_line1": next(iter(lines), ""),
        "address_line2": ", ".join(filter(None, lines[1:])),
        "city": line(billing.get("city")),
        "region": line(billing.get("region")),
        "postal_code": line(billing.get("postcode")),
        "country": optional(billing.get("country_id"), parse_country) or "",
        "notes": "\n".join(filter(None, notes)),
    }


def number(order: Record) -> str:
    """The number that people know an order by.

    Raises:
        Unreadable: It has none.
    """
    said = line(order.get("increment_id"))
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
    mine = (one for one in items if ref(one.get("parent_item_id")) == _id(item))
    return next(mine, None)


def _goods(
    item: Record, child: Record, parent: Record | None, value: Value,
    invoices: Mapping[str, Decimal],
) -> Line:  # fmt: skip
    ordered = quantity(item, "qty_ordered")
    refunded = quantity(item, "qty_refunded")
    invoiced = max(quantity(item, "qty_invoiced"), invoices.get(_id(item), ZERO))
    if parent is not None and not invoiced and quantity(parent, "qty_ordered"):
        # A bundle at a price of its own is invoiced as a whole.
        whole = max(quantity(parent, "qty_invoiced"), invoices.get(_id(parent), ZERO))
        invoiced = whole * ordered / quantity(parent, "qty_ordered")
    return Line(
        item_id=_id(item),
        product_ref=ref(child.get("product_id")),
        sku=code(item.get("sku")),
        name=line(item.get("name")),
        product_type=str(item.get("product_type") or ""),
        ordered=max(ordered - quantity(item, "qty_canceled") - refunded, ZERO),
        refunded=refunded,
        invoiced=max(invoiced - refunded, ZERO),
        shipped=quantity(item, "qty_shipped"),
        unit_price=value.unit_price,
        tax_rate=value.tax_rate,
        discount=value.discount,
        pieces=value.pieces,
    )


def _items(order: Record) -> list[Record]:
    items = order.get("items")
    if not isinstance(items, list) or not items:
        raise Unreadable("It has no lines.")
    if not all(isinstance(item, dict) and ref(item.get("item_id")) for item in items):
        raise Unreadable("One of its lines has no number.")
    if len({_id(item) for item in items}) < len(items):
        raise Unreadable("Two of its lines have one number.")
    return items


def _id(item: Record) -> str:
    return ref(item.get("item_id"))


def _address(order: Record) -> Record:
    """Where goods go: the shipping address, or else the one of the bill.

    Raises:
        Unreadable: There is none, or more than one.
    """
    more = order.get("extension_attributes")
    assigned = more.get("shipping_assignments") if isinstance(more, dict) else None
    shipped = [
        found
        for one in (assigned if isinstance(assigned, list) else [])
        if isinstance(one, dict)
        and isinstance(found := (one.get("shipping") or {}).get("address"), dict)
    ]
    if len({tuple(str(one.get(part)) for part in PLACE) for one in shipped}) > 1:
        raise Unreadable("Its goods go to several addresses: which goes where?")
    billing = order.get("billing_address")
    found = shipped[0] if shipped else billing if isinstance(billing, dict) else {}
    if not any(found.get(part) for part in PLACE):
        raise Unreadable("It says no address, so nobody knows where it goes.")
    return found


def _name(address: Record) -> str:
    parts = ("prefix", "firstname", "middlename", "lastname", "suffix")
    return " ".join(filter(None, (line(address.get(part)) for part in parts)))


def _date(said: Any) -> date:
    try:
        return datetime.fromisoformat(said).replace(tzinfo=UTC).date()
    except (TypeError, ValueError) as error:
        raise Unreadable("It has no date.") from error


def _price(name: str, said: Any, told: list[str]) -> Decimal | None:
    """A price; without one ours stays. What is none is told.

    Raises:
        Unreadable: It is less than nothing.
    """
    price = amount(said)
    if price is None:
        told += [f"{name} {str(said)[:30]}"] if said not in (None, "") else []
        return None
    if price < 0:
        raise Unreadable(f"A price of {price} is less than nothing.")
    return half_up(price, MONEY_DECIMALS)  # of six that a shop may have
