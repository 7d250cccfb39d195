"""Returns to vendors begin as drafts: what goes back, and the credit it is to bring."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select

from app.catalog.models import Product, Vendor
from app.catalog.rules import parse_line
from app.core.actors import current_actor_id
from app.core.days import today
from app.core.db import db, retried, transaction
from app.core.errors import Invalid, InvalidRow, in_row
from app.core.exchange_rates import exchange_rate
from app.core.idempotency import KeyReused
from app.core.quantities import LARGEST_QUANTITY, MONEY_DECIMALS, half_up, plain
from app.documents.models import rounded
from app.purchasing.services import average_costs, default_warehouse
from app.stock.ledger.lines import LONGEST_NOTE, refuse_inexact
from app.stock.ledger.postings import LONGEST_KEY
from app.stock.models import Location
from app.vendor_returns import queries
from app.vendor_returns.models import (
    CAUSES,
    STATES,
    VendorReturn,
    VendorReturnLine,
)
from app.vendor_returns.services.locking import locked_return
from app.vendor_returns.services.lookup import Returnable, lines_that_came

ZERO = Decimal(0)
MOST_LINES = 200


class ReturnItem(NamedTuple):
    """So much of a product, or of a line of a receipt, that goes back.

    Without a price it is what was ordered at, else what it costs on average.
    """

    quantity: Decimal
    product_id: int | None = None
    receipt_line_id: int | None = None
    unit_price: Decimal | None = None


class ReturnDetails(NamedTuple):
    """How goods go back; without a warehouse, out of the one that they came to."""

    warehouse_id: int | None = None
    cause: str = "other"
    their_reference: str = ""
    note: str = ""


@retried
def create_return(
    *, vendor_id: int, items: Sequence[ReturnItem], key: str, **details: Any
) -> VendorReturn:
    """Write down what goes back to a vendor, once per key: nothing moves yet.

    `details` are those of `ReturnDetails`.

    Raises:
        Invalid: There is no such vendor or warehouse in use, or nothing is said to go back.
        InvalidRow: More goes back than came by a line, it is gone already, came from another
            vendor or to another warehouse, or has no price.
        KeyReused: The key belongs to another request.
    """
    how = ReturnDetails(**details)
    request = " ".join([str(vendor_id), str(tuple(how)), *(str(tuple(one)) for one in items)])
    with transaction() as session:
        if again := _earlier(key, request):
            return again
        vendor = session.get(Vendor, vendor_id)
        if vendor is None:
            raise Invalid("vendor", "There is no such vendor.")
        is_known = all(one.receipt_line_id is not None for one in items)
        if not (vendor.is_active or is_known):  # what came by a receipt may go back to whence
            raise Invalid("vendor", f"{vendor.name} is not in use any more.")
        if how.cause not in CAUSES:
            raise Invalid("cause", f"Choose one of {', '.join(CAUSES)}.")
        if not 0 < len(items) <= MOST_LINES:
            raise Invalid("items", f"Say what goes back: 1 to {MOST_LINES} lines.")
        came = lines_that_came([one.receipt_line_id for one in items if one.receipt_line_id])
        warehouse = _warehouse(how.warehouse_id, came)
        made = VendorReturn(
            key=key,
            request=request,
            vendor_id=vendor.id,
            warehouse_id=warehouse.id,
            cause=how.cause,
            their_reference=line_of("their_reference", how.their_reference),
            note=line_of("note", how.note),
            currency=vendor.currency,
            actor_id=current_actor_id(),
        )
        made.lines = _lines(made, items, came, warehouse)
        total = sum((line.expected for line in made.lines), ZERO)
        made.expected_credit = rounded(total, made.currency)
        if made.expected_credit >= LARGEST_QUANTITY:
            raise Invalid("items", "So large a sum cannot be kept.")
        session.add(made)
        session.flush()
    return made


@retried
def cancel_return(return_id: int) -> VendorReturn:
    """Give up a return that has not left.

    Raises:
        NotAllowed: It has left, or is cancelled already.
    """
    with transaction():
        found = locked_return(return_id)
        STATES.refuse(found.number, found.status, "cancelled")
        found.status = "cancelled"
    return found


def _lines(
    made: VendorReturn,
    items: Sequence[ReturnItem],
    came: Mapping[int, Returnable],
    warehouse: Location,
) -> list[VendorReturnLine]:
    lines = []
    left = {number: one.quantity for number, one in came.items()}
    for row, item in enumerate(items):
        with in_row("items", row):
            _refuse_inexact(item)
        if item.receipt_line_id is not None:
            product = _returned(row, item, made.vendor_id, came, left, warehouse)
        else:
            product = _product(row, item.product_id)
        price = item.unit_price
        if price is None:
            price = _usual_price(product, came.get(item.receipt_line_id or 0), made.currency)
        if price is None:
            reason = f"give the credit expected for {product.sku} in {made.currency}."
            raise InvalidRow("items", row, "unit_price", reason)
        lines.append(
            VendorReturnLine(
                product_id=product.id,
                receipt_line_id=item.receipt_line_id,
                is_aside=bool(item.receipt_line_id and came[item.receipt_line_id].is_aside),
                quantity=item.quantity,
                unit_price=half_up(price, MONEY_DECIMALS),
            )
        )
    return lines


def _returned(
    row: int,
    item: ReturnItem,
    vendor_id: int,
    came: Mapping[int, Returnable],
    left: dict[int, Decimal],
    warehouse: Location,
) -> Product:
    """The product of a line of a receipt, of which so much may go back to this vendor."""
    found = came.get(item.receipt_line_id or 0)
    if found is None or found.line.product is None or found.line.location is None:
        raise InvalidRow("items", row, "receipt_line_id", "there is no such line.")
    line = found.line
    assert line.product is not None  # noqa: S101  (has just been asked)
    if line.receipt.vendor_id not in (vendor_id, None):
        reason = f"{line.receipt.number} came from another vendor."
        raise InvalidRow("items", row, "receipt_line_id", reason)
    is_elsewhere = not found.line.location.path.startswith(warehouse.path)
    if is_elsewhere and not line.receipt.is_drop_ship:  # that one came back from a customer
        reason = f"{line.receipt.number} came to another warehouse: write another return."
        raise InvalidRow("items", row, "receipt_line_id", reason)
    if item.quantity > left[line.id]:
        reason = (
            f"of {line.called} of {line.receipt.number} {plain(left[line.id])} may go back."
        )
        raise InvalidRow("items", row, "quantity", reason)
    if found.is_aside and item.quantity != line.quantity:
        reason = f"{line.called} was put aside: all {plain(line.quantity)} go back at once."
        raise InvalidRow("items", row, "quantity", reason)
    left[line.id] -= item.quantity
    return line.product


def _product(row: int, product_id: int | None) -> Product:
    product = db.session.get(Product, product_id) if product_id is not None else None
    if product is None:
        raise InvalidRow("items", row, "sku", "there is no such product.")
    if product.kind == "bundle":
        raise InvalidRow("items", row, "sku", f"{product.sku} is a bundle.")
    return product


def _usual_price(product: Product, came: Returnable | None, currency: str) -> Decimal | None:
    """What it was ordered at, else what it costs on average; None where no rate is known."""
    ordered = came.line.order_line if came else None
    order = came.line.receipt.order if came else None
    if ordered is not None and order is not None and order.currency == currency:
        return ordered.unit_price / ordered.pack_quantity
    cost, theirs = average_costs([product.id])[product.id]
    rate = exchange_rate(theirs, currency, today())
    return cost * rate if cost and rate else None


def _warehouse(warehouse_id: int | None, came: Mapping[int, Returnable]) -> Location:
    if warehouse_id is None:
        places = (
            one.line.location
            for one in came.values()
            if one.line.location and not one.line.receipt.is_drop_ship
        )
        first = next(places, None)
        if first is None:
            return db.session.get_one(Location, default_warehouse())
        root = select(Location).where(Location.path == f"{first.path.partition('/')[0]}/")
        return db.session.scalars(root).one()
    place = db.session.get(Location, warehouse_id)
    if place is None or place.kind != "warehouse" or not place.is_active:
        raise Invalid("warehouse", "Choose a warehouse that is in use.")
    return place


def _refuse_inexact(item: ReturnItem) -> None:
    refuse_inexact("quantity", item.quantity)
    if item.quantity <= 0:
        raise Invalid("quantity", "enter a quantity above zero.")
    price = item.unit_price
    if price is not None and not (price.is_finite() and 0 <= price < LARGEST_QUANTITY):
        raise Invalid("unit_price", "enter a price of zero or more.")


def _earlier(key: str, request: str) -> VendorReturn | None:
    if not 0 < len(key) <= LONGEST_KEY:
        raise Invalid("key", f"A key has 1 to {LONGEST_KEY} characters.")
    found: Any = db.session.scalars(queries.return_with_key(key)).one_or_none()
    if found is not None and found.request != request:
        raise KeyReused("This key belongs to another request.")
    return found if found is None else locked_return(found.id)


def line_of(field: str, text: str) -> str:
    """Give a line of text as it is kept.

    Raises:
        Invalid: It is too long, or holds what is no text.
    """
    try:
        said = parse_line(text)
    except ValueError as error:
        raise Invalid(field, str(error)) from error
    if len(said) > LONGEST_NOTE:
        raise Invalid(field, f"At most {LONGEST_NOTE} characters.")
    return said
