"""Goods that say their lot or serial number: where they came from, what expires, who has it."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from stdnum import ean

from app.assembly.services import build_product
from app.catalog.models import Barcode, Customer, Product, Vendor
from app.catalog.services import ComponentDraft, set_components
from app.core.days import today
from app.core.db import db, transaction
from app.demo.catalog import OWN_PREFIX
from app.orders import services as orders
from app.orders.models import ItemDraft
from app.purchasing import services as purchasing
from app.purchasing.models import PurchaseDraft
from app.purchasing.services import Delivery, ReceivedItem
from app.stock import queries
from app.stock import services as stock
from app.stock.models import Location
from app.stock.services import LotDraft

CATEGORY = "Fresh and serviced"
# Lots of the milk: how many days they last still, and how many there are.
MILK = {"M-0412": (-2, 6), "M-0419": (9, 24), "M-0502": (30, 36), "M-0610": (75, 48)}
BEANS = {"GC-HUILA-31": 60, "GC-HUILA-32": 60}  # kg
ROASTED = ("R-1107", 40, 365)  # of the first lot of beans: packs, and days
SERIALS = ("EM-24-0017", "EM-24-0018", "EM-24-0019", "EM-24-0020", "EM-24-0021")
BLOCKED = ("M-0502", "The dairy calls it back: the caps do not close")
FIRST_NUMBER = 9_000_000_000  # of barcodes: far from those of the catalogue


def lots(vendors: Sequence[Vendor], customers: Sequence[Customer], bench: Location) -> int:
    """Receive lots and pieces, build of one, sell some, block one; gives how many there are."""
    with transaction():
        currency = vendors[0].currency or customers[0].currency
        milk = _product(0, "FR-01", "Oat drink for baristas, 1 l", "2.9", "lot", currency)
        milk.has_expiry = True
        beans = _product(1, "FR-02", "Green coffee Huila, 1 kg", "9.5", "lot", currency)
        roast = _product(2, "FR-03", "Roast of the house, 500 g", "14.5", "lot", currency)
        roast.has_expiry = True
        machine = _product(
            3, "FR-04", "Espresso machine, two groups", "3490", "serial", currency
        )
        _receive(vendors[0], milk, {code: number for code, (_d, number) in MILK.items()}, bench)
        _let_expire(milk)
        _receive(vendors[1], beans, BEANS, bench)
        _receive(vendors[2], machine, dict.fromkeys(SERIALS, 1), bench)
        _roast(roast, beans, bench)
        _sell(customers[0], {milk: 12, roast: 10, machine: 1})
        _sell(customers[1], {roast: 6, milk: 6})
        stock.block_lot(_lot_id(milk, BLOCKED[0]), reason=BLOCKED[1])
        stock.watch_lots()
    return len(MILK) + len(BEANS) + 1 + len(SERIALS)


def _product(
    number: int, sku: str, name: str, price: str, tracking: str, currency: str
) -> Product:
    digits = f"{OWN_PREFIX}{FIRST_NUMBER + number:010}"
    product = Product(
        sku=sku,
        name=name,
        category=CATEGORY,
        currency=currency,
        price=Decimal(price),
        cost=Decimal(price) / 2,
        tracking=tracking,
        barcode_rows=[Barcode(code=digits + ean.calc_check_digit(digits), units=Decimal(1))],
    )
    db.session.add(product)
    db.session.flush()
    return product


def _receive(
    vendor: Vendor, product: Product, numbers: dict[str, int], bench: Location
) -> None:
    """Order all of it, and take it in lot by lot."""
    wanted = PurchaseDraft(Decimal(sum(numbers.values())), product_id=product.id)
    order = purchasing.create_order(
        vendor_id=vendor.id,
        items=[wanted],
        warehouse_id=purchasing.find_warehouse(bench.code),
    )
    purchasing.approve_order(order.id)
    purchasing.mark_sent(order.id)
    items = [
        ReceivedItem(Decimal(each), line_id=order.lines[0].id, lot=_draft(code))
        for code, each in numbers.items()
    ]
    delivery = Delivery(location_id=bench.id)
    purchasing.receive_goods(order.id, items, delivery, key=f"demo lots {product.sku}")


def _draft(code: str) -> LotDraft:
    """Say of a lot what its label says; what has expired was good when it came."""
    days = MILK.get(code)
    return LotDraft(code, today() + timedelta(days=max(days[0], 0)) if days else None)


def _let_expire(milk: Product) -> None:
    for code, (days, _number) in MILK.items():
        if days < 0:
            gone = today() + timedelta(days=days)
            lot_id = _lot_id(milk, code)
            stock.revise_lot(lot_id, version=None, expires_on=gone, made_on=None)


def _roast(roast: Product, beans: Product, bench: Location) -> None:
    code, packs, days = ROASTED
    component = ComponentDraft(Decimal("0.6"), product_id=beans.id)
    set_components(roast.id, kind="assembly", components=[component], version=None)
    build_product(
        roast.id,
        quantity=Decimal(packs),
        location_id=bench.id,
        key="demo roast",
        lot=LotDraft(code, today() + timedelta(days=days)),
    )


def _sell(customer: Customer, wanted: dict[Product, int]) -> None:
    items = [ItemDraft(Decimal(each), product_id=one.id) for one, each in wanted.items()]
    order = orders.create_order(customer_id=customer.id, items=items)
    orders.confirm_order(order.id)
    orders.ship_order(order.id, key=f"demo lots {order.number}")


def _lot_id(product: Product, code: str) -> int:
    found: Any = db.session.scalars(queries.lot_called(product.id, code)).one()
    return int(found.id)
