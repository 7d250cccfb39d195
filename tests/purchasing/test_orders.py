"""A purchase order from its first line until the vendor has it, and what stock says of it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.catalog import services as catalog
from app.catalog.models import Product, Vendor
from app.core.actors import Actor, acting_as
from app.core.alerts import Alert
from app.core.days import today
from app.core.errors import Invalid
from app.core.uses import InUse
from app.documents.errors import NotAllowed
from app.purchasing import services
from app.purchasing.errors import OverLimit, UnknownProducts
from app.purchasing.models import PurchaseDraft
from app.stock import services as stock
from tests.factories import (
    BarcodeFactory,
    ProductFactory,
    RoleFactory,
    UserFactory,
    VendorFactory,
    VendorPartFactory,
    WarehouseFactory,
)
from tests.purchasing.conftest import again, drafted, incoming, number, sent

DAY = date(2026, 5, 4)


def line_of(vendor: Vendor, **draft: Any) -> Any:
    wanted = PurchaseDraft(number(draft.pop("quantity", 1)), **draft)
    [line] = services.create_order(vendor_id=vendor.id, items=[wanted]).lines
    return line


def test_a_carton_is_ordered_as_one_and_counted_as_its_pieces(product: Product) -> None:
    order = drafted((product, 3), unit_price=30, pack_quantity=12)

    [line] = order.lines
    assert (line.quantity, line.unit_price, line.units_ordered) == (3, 30, 36)
    assert order.total == 90


def test_what_does_not_come_out_even_is_refused_not_rounded(product: Product) -> None:
    with pytest.raises(Invalid, match=r"1.5 of 0.333 do not come out even"):
        drafted((product, "1.5"), pack_quantity="0.333")


def test_a_line_is_named_by_sku_barcode_or_the_number_of_its_vendor(product: Product) -> None:
    vendor = VendorFactory.create(currency="EUR")
    VendorPartFactory.create(
        product=product, vendor=vendor, part_number="ACME-9", price=Decimal("2.5")
    )
    BarcodeFactory.create(product=product, code="OURS-1")

    for code in ("p-1", "OURS-1", "acme-9"):
        line = line_of(vendor, sku=code)
        assert (line.product_id, line.sku, line.part_number) == (product.id, "P-1", "ACME-9")
        assert (line.unit_price, line.description) == (Decimal("2.5"), "Paper filters")


def test_the_number_of_another_vendor_names_nothing(product: Product) -> None:
    VendorPartFactory.create(product=product, part_number="ACME-9")

    with pytest.raises(Invalid, match=r"Line 1: ACME-9 is no SKU, barcode or number of this"):
        line_of(VendorFactory.create(), sku="ACME-9")


def test_a_code_that_could_be_two_products_is_refused(product: Product) -> None:
    part = VendorPartFactory.create(part_number="P-1")

    with pytest.raises(Invalid, match="P-1 could be several products"):
        line_of(part.vendor, sku="P-1")


def test_without_a_price_in_the_currency_somebody_has_to_give_one(product: Product) -> None:
    assert line_of(VendorFactory.create(currency="EUR"), sku="P-1").unit_price == 3
    with pytest.raises(Invalid, match="give the price of P-1 in USD"):
        line_of(VendorFactory.create(currency="USD"), sku="P-1")


def test_a_free_line_is_charged_and_about_no_product(product: Product) -> None:
    vendor = VendorFactory.create(currency="EUR")

    line = line_of(vendor, sku="FREIGHT", is_free=True, unit_price=Decimal(20))

    assert (line.product_id, line.total) == (None, 20)


def test_nothing_is_bought_that_is_out_of_use_nor_from_who_is(product: Product) -> None:
    gone = ProductFactory.create(sku="GONE", is_active=False)
    vendor = VendorFactory.create(is_active=False, name="Old Ltd")

    with pytest.raises(Invalid, match="GONE is not in use any more"):
        drafted((gone, 1))
    with pytest.raises(Invalid, match="Old Ltd is not active"):
        drafted((product, 1), vendor=vendor)


def test_it_is_incoming_from_the_moment_it_is_sent_until_it_is_reopened(
    product: Product,
) -> None:
    order = drafted((product, 3), pack_quantity=12)
    services.approve_order(order.id)
    assert incoming(product) == 0

    services.mark_sent(order.id)
    assert incoming(product) == 36

    services.reopen_order(order.id)
    assert (incoming(product), again(order).status) == (0, "draft")


def test_what_nobody_has_approved_is_not_sent(product: Product) -> None:
    with pytest.raises(NotAllowed, match="somebody has to approve it first"):
        services.mark_sent(drafted((product, 1)).id)


def test_changed_after_its_approval_it_has_to_be_approved_again(product: Product) -> None:
    order = drafted((product, 1))
    services.approve_order(order.id)

    services.change_order(order.id, version=None, notes="Ring twice")

    assert (again(order).status, again(order).approved_at) == ("draft", None)


def test_what_the_vendor_has_is_not_changed_behind_their_back(product: Product) -> None:
    order = sent((product, 1))

    with pytest.raises(NotAllowed, match="is sent: reopen it first"):
        services.change_order(order.id, version=None, notes="Ring twice")


@pytest.mark.parametrize(
    ("of_part", "of_product", "of_vendor", "days"),
    [(3, 10, 20, 3), (None, 10, 20, 10), (None, None, 20, 20), (None, None, None, None)],
)
def test_a_line_without_a_day_is_expected_after_the_lead_time_best_known(
    of_part: int | None, of_product: int | None, of_vendor: int | None, days: int | None
) -> None:
    vendor = VendorFactory.create(lead_time_days=of_vendor)
    product = ProductFactory.create(lead_time_days=of_product)
    VendorPartFactory.create(product=product, vendor=vendor, lead_time_days=of_part)

    order = sent((product, 1), vendor=vendor)

    expected = None if days is None else today() + timedelta(days)
    assert (order.lines[0].expected_on, order.due_on) == (expected, expected)


def test_what_the_vendor_confirms_counts_more_than_what_we_expect(product: Product) -> None:
    other = ProductFactory.create()
    order = sent((product, 1), (other, 1), expected_on=DAY)

    services.confirm_order(
        order.id, confirmed_on=DAY + timedelta(9), days={order.lines[1].id: DAY}
    )

    order = again(order)
    assert [line.due_on for line in order.lines] == [DAY + timedelta(9), DAY]
    assert (order.status, order.due_on) == ("confirmed", DAY)


def test_late_orders_are_told_once_and_no_more_when_they_came(
    session: Session, product: Product
) -> None:
    order = sent((product, 1), expected_on=today() - timedelta(1))
    assert order.is_late

    services.watch_late_orders()
    services.watch_late_orders()

    [alert] = session.query(Alert).filter_by(key="purchase_orders:late").all()
    assert (alert.title, alert.occurrences) == ("One purchase order is late", 1)
    services.confirm_order(order.id, confirmed_on=today())
    services.watch_late_orders()
    session.refresh(alert)
    assert alert.closed_at is not None


def test_a_line_is_closed_short_and_leaves_every_figure(product: Product) -> None:
    other = ProductFactory.create()
    order = sent((product, 2), (other, 1), pack_quantity=12, unit_price=30)

    services.close_short(order.id, {order.lines[0].id: number(18)})

    order = again(order)
    assert (order.lines[0].units_open, order.lines[0].quantity_cancelled) == (6, Decimal("1.5"))
    assert (incoming(product), order.total, order.status) == (6, 45, "sent")
    with pytest.raises(Invalid, match="at most 6 can be closed"):
        services.close_short(order.id, {order.lines[0].id: number(7)})
    with pytest.raises(NotAllowed, match="cancel it instead"):
        services.close_short(order.id)


@pytest.mark.parametrize(
    ("cartons", "pack", "price", "closed", "total"),
    [
        (2, 12, "100.80", 16, "67.20"),  # 8 of 12: no part of a carton that can be written
        (1, 24, "1500", 1, "1437.50"),
        (1, 12, "0.06", 11, "0.01"),  # half a cent, half up
    ],
)
def test_what_is_left_of_a_carton_is_charged_to_the_cent(
    product: Product, cartons: int, pack: int, price: str, closed: int, total: str
) -> None:
    order = sent((product, cartons), pack_quantity=pack, unit_price=Decimal(price))

    services.close_short(order.id, {order.lines[0].id: number(closed)})

    assert again(order).total == Decimal(total)


def test_a_cancelled_order_is_not_incoming(product: Product) -> None:
    order = sent((product, 2))

    services.cancel_order(order.id, reason="Too dear")

    assert (incoming(product), again(order).status, again(order).due_on) == (
        0,
        "cancelled",
        None,
    )


def test_a_role_approves_up_to_its_limit_and_in_its_currency(product: Product) -> None:
    role = RoleFactory.create(name="buyer")
    user = UserFactory.create(role=role)
    services.create_limit(role_id=role.id, currency="EUR", amount=number(100))
    fits, exceeds = drafted((product, 10)), drafted((product, 11))
    foreign = drafted((product, 1), vendor=VendorFactory.create(currency="USD"))

    with acting_as(Actor(user.id, user.name, None)):
        assert services.approve_order(fits.id).approved_by_id == user.id
        with pytest.raises(
            OverLimit, match=r"comes to 110.00 EUR: buyer approves up to 100.00"
        ):
            services.approve_order(exceeds.id)
        with pytest.raises(OverLimit, match="buyer approves nothing in that currency"):
            services.approve_order(foreign.id)


def test_a_product_out_of_use_since_is_not_approved(session: Session, product: Product) -> None:
    order = drafted((product, 1))
    product.is_active = False
    session.commit()

    with pytest.raises(UnknownProducts, match="P-1: not in use any more"):
        services.approve_order(order.id)


def test_what_is_on_order_is_not_taken_out_of_use(product: Product) -> None:
    warehouse = WarehouseFactory.create()
    order = sent((product, 1), warehouse_id=warehouse.id)

    with pytest.raises(InUse, match=f"on 1 purchase order \\({order.number}\\)"):
        catalog.deactivate_product(product.id)
    with pytest.raises(InUse, match="1 unfinished purchase order"):
        catalog.deactivate_contact(Vendor, order.vendor_id)
    with pytest.raises(InUse, match="1 unfinished purchase order"):
        stock.deactivate_location(warehouse.id)
