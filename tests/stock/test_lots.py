"""Goods that are tracked: which lot they are of, which piece, and when they expire."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.days import today
from app.core.db import db
from app.core.errors import Invalid
from app.core.settings import set_settings
from app.stock import queries, services
from app.stock.errors import InsufficientStock, LotUnfit, SerialOnHand
from app.stock.models import Balance, Location, Lot
from app.stock.reservations import Demand, ReservedQuantity, allocate
from app.stock.services import LotDraft
from tests.factories import BarcodeFactory, ProductFactory
from tests.stock.conftest import NUMBERS, Mover, place, stocked

SOON, LATE = date(2099, 1, 31), date(2099, 12, 31)


def tracked(by: str = "lot", **more: Any) -> Product:
    return ProductFactory.create(tracking=by, **more)


def come(
    product: Product,
    quantity: object,
    code: str = "",
    expires_on: date | None = None,
    at: str = "",
) -> Lot | None:
    """Let so much of a lot come; gives the lot."""
    target = services.find_target(
        reason="found",
        product_id=product.id,
        location=at or "MAIN-01",
        lot=LotDraft(code, expires_on),
    )
    key = f"lots {next(NUMBERS)}"
    services.adjust_stock(target, quantity=Decimal(str(quantity)), reason="found", key=key)
    return db.session.scalars(
        select(Lot).where(Lot.product_id == product.id, Lot.code == code)
    ).one_or_none()


def lots_of(product: Product) -> dict[str | None, Any]:
    rows = db.session.execute(
        select(Lot.code, Balance.on_hand)
        .select_from(Balance)
        .outerjoin(Lot, Lot.id == Balance.lot_id)
        .where(Balance.product_id == product.id, Balance.on_hand > 0)
    )
    return dict(rows.all())


def reserved_of(product: Product, quantity: object) -> list[tuple[str, Any]]:
    [parts] = allocate([Demand(product.id, Decimal(str(quantity)))])
    return [(str(db.session.get(Lot, part.lot_id)), part.quantity) for part in parts]


def test_goods_of_two_lots_are_kept_apart(main: Location) -> None:
    milk = tracked()

    come(milk, 3, "A")
    come(milk, 2, "B")
    come(milk, 1, "A")

    assert lots_of(milk) == {"A": 4, "B": 2}


def test_a_lot_is_the_same_in_whatever_case(main: Location) -> None:
    milk = tracked()

    come(milk, 3, "ab-1")
    come(milk, 2, " AB-1 ")

    assert lots_of(milk) == {"ab-1": 5}


def test_what_is_tracked_does_not_come_without_its_lot(main: Location) -> None:
    with pytest.raises(Invalid, match="say the lot"):
        come(tracked(), 1)
    with pytest.raises(Invalid, match="say the serial number"):
        come(tracked("serial"), 1)


def test_the_ledger_itself_refuses_goods_without_a_lot(move: Mover) -> None:
    with pytest.raises(Invalid, match="is tracked: say the lot"):
        move(tracked(), 1)


def test_what_is_not_tracked_has_no_lot(main: Location) -> None:
    with pytest.raises(Invalid, match="tracked neither by lot nor by serial"):
        come(ProductFactory.create(), 1, "A")


def test_what_lay_there_before_it_was_tracked_may_leave_and_come_no_more(
    main: Location,
) -> None:
    product = stocked(5)
    product.tracking = "lot"
    db.session.flush()

    come(product, -2)

    assert lots_of(product) == {None: 3}
    with pytest.raises(Invalid, match="say the lot"):
        come(product, 1)


def test_who_takes_of_several_lots_says_of_which(main: Location) -> None:
    milk = tracked()
    come(milk, 3, "A")
    come(milk, 2, "B")

    with pytest.raises(Invalid, match="Here: A, B"):
        come(milk, -1)

    come(milk, -1, "b")
    assert lots_of(milk) == {"A": 3, "B": 1}


def test_no_more_leaves_of_a_lot_than_is_of_it(main: Location) -> None:
    milk = tracked()
    come(milk, 3, "A")
    come(milk, 2, "B")

    with pytest.raises(InsufficientStock, match="Only 2"):
        come(milk, -3, "B")


def test_a_lot_that_expires_says_when(main: Location) -> None:
    milk = tracked(has_expiry=True)

    with pytest.raises(Invalid, match="Say when lot A expires"):
        come(milk, 1, "A")

    lot = come(milk, 1, "A", SOON)
    assert lot is not None
    assert lot.expires_on == SOON
    come(milk, 1, "A")  # it is known now


def test_the_same_lot_with_another_expiry_asks(main: Location) -> None:
    milk = tracked(has_expiry=True)
    come(milk, 1, "A", SOON)

    with pytest.raises(Invalid, match=f"expires on {SOON}, not on {LATE}"):
        come(milk, 1, "A", LATE)


def test_a_gs1_code_scanned_as_the_lot_fills_number_and_expiry(main: Location) -> None:
    milk = tracked(has_expiry=True)
    BarcodeFactory.create(product=milk, code="4006381333931")

    come(milk, 2, "(01)04006381333931(17)350131(10)L-7")

    [lot] = db.session.scalars(select(Lot).where(Lot.product_id == milk.id))
    assert (lot.code, lot.expires_on) == ("L-7", date(2035, 1, 31))


def test_the_label_of_another_product_is_no_lot_of_this_one(main: Location) -> None:
    milk, other = tracked(), ProductFactory.create()
    BarcodeFactory.create(product=other, code="4006381333931")

    with pytest.raises(Invalid, match=f"a label of {other.sku}"):
        come(milk, 2, "(01)04006381333931(10)L-7")


def test_a_serial_is_one_piece(main: Location) -> None:
    drill = tracked("serial")

    with pytest.raises(Invalid, match="is one piece"):
        come(drill, 2, "S1")

    come(drill, 1, "S1")
    assert lots_of(drill) == {"S1": 1}


def test_a_serial_that_is_on_hand_does_not_come_again(main: Location, second: Location) -> None:
    drill = tracked("serial")
    come(drill, 1, "S1")

    with pytest.raises(SerialOnHand, match=r"S1 of .* is on hand at MAIN-01"):
        come(drill, 1, "s1", at=second.code)


def test_a_serial_that_has_left_may_come_back(main: Location, second: Location) -> None:
    drill = tracked("serial")
    come(drill, 1, "S1")
    come(drill, -1, "S1")

    come(drill, 1, "S1", at=second.code)

    assert lots_of(drill) == {"S1": 1}


def test_a_serial_moves_from_place_to_place(main: Location, second: Location) -> None:
    drill = tracked("serial")
    come(drill, 1, "S1")
    route = services.find_route(
        product_id=drill.id, source=main.code, destination=second.code, lot="S1"
    )

    services.post(
        [
            services.Move(
                product_id=drill.id,
                lot_id=services.leaving_lot(route),
                from_location_id=main.id,
                to_location_id=second.id,
                quantity=Decimal(1),
                reason="moved",
            )
        ],
        key="carry S1",
    )

    where = db.session.scalars(
        select(Balance.location_id).where(Balance.serial_id.is_not(None))
    )
    assert where.all() == [second.id]


def test_one_posting_cannot_bring_a_serial_twice(
    main: Location, second: Location, adjustments: Location
) -> None:
    drill = tracked("serial")
    lot = Lot(product_id=drill.id, code="S1", is_serial=True)
    db.session.add(lot)
    db.session.flush()
    moves = [
        services.Move(
            product_id=drill.id,
            lot_id=lot.id,
            from_location_id=adjustments.id,
            to_location_id=end.id,
            quantity=Decimal(1),
            reason="found",
        )
        for end in (main, second)
    ]

    with pytest.raises(SerialOnHand, match="named twice"):
        services.post(moves, key="twice")


@pytest.mark.parametrize(
    "wrong",
    [
        # The piece would lie at two places.
        """INSERT INTO stock_balance (
            product_id, location_id, lot_id, is_serial, on_hand, serial_id
        ) SELECT product_id, :second, lot_id, true, 1, lot_id FROM stock_balance""",
        "UPDATE stock_balance SET on_hand = 2",
        # The balance would say of it that it is no serial.
        "UPDATE stock_balance SET is_serial = false, serial_id = NULL",
        "UPDATE stock_balance SET serial_id = NULL",
    ],
)
def test_the_database_keeps_a_serial_one_piece_at_one_place(
    session: Session, main: Location, second: Location, wrong: str
) -> None:
    come(tracked("serial"), 1, "S1")

    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text(wrong), {"second": second.id} if ":second" in wrong else {})


def test_what_expires_first_is_reserved_first(main: Location, second: Location) -> None:
    milk = tracked(has_expiry=True)
    come(milk, 3, "LATE", LATE)
    come(milk, 2, "SOON", SOON, at=second.code)

    assert reserved_of(milk, 4) == [("SOON", 2), ("LATE", 2)]


def test_what_has_no_expiry_is_reserved_last(main: Location) -> None:
    milk = tracked()
    come(milk, 3, "NEVER")
    come(milk, 2, "SOON", SOON)

    assert reserved_of(milk, 3) == [("SOON", 2), ("NEVER", 1)]


def test_nothing_is_reserved_of_what_has_expired(main: Location) -> None:
    milk = tracked()
    come(milk, 3, "OLD", today() - timedelta(days=1))
    come(milk, 2, "TODAY", today())

    assert reserved_of(milk, 5) == [("TODAY", 2)]


def test_what_expires_before_it_must_is_left(main: Location) -> None:
    set_settings(lot_days_left=10)
    milk = tracked()
    come(milk, 3, "SHORT", today() + timedelta(days=9))
    come(milk, 2, "ENOUGH", today() + timedelta(days=10))

    assert available(milk) == (5, 2)  # nor are shops told of it
    assert reserved_of(milk, 5) == [("ENOUGH", 2)]


def test_the_setting_of_how_long_goods_must_last_takes_hold_of_what_is_there(
    main: Location,
) -> None:
    milk = tracked()
    short = come(milk, 3, "SHORT", today() + timedelta(days=9))
    assert short is not None
    set_settings(lot_days_left=10)

    services.watch_lots()

    assert available(milk) == (3, 0)
    assert short.state == "Expires too soon"
    with pytest.raises(LotUnfit, match="must last until"):
        services.reserve(ReservedQuantity(milk.id, main.id, short.id, Decimal(1)), key="r")
    come(milk, -1, "SHORT")
    set_settings(lot_days_left=9)
    services.watch_lots()
    assert available(milk) == (2, 2)


def available(product: Product) -> Any:
    rows = {row[0]: row for row in db.session.execute(queries.totals([product.id]))}
    return rows[product.id][1], rows[product.id][3]


def test_a_blocked_lot_is_on_hand_and_not_available(main: Location) -> None:
    milk = tracked()
    lot = come(milk, 3, "A")
    come(milk, 2, "B")
    assert lot is not None

    services.block_lot(lot.id, reason="Recalled by the maker")

    assert available(milk) == (5, 2)
    with pytest.raises(LotUnfit, match="blocked already: Recalled"):
        services.block_lot(lot.id, reason="Again")
    assert reserved_of(milk, 5) == [("B", 2)]

    services.free_lot(lot.id)
    assert available(milk) == (5, 3)  # two of them are reserved


def test_what_comes_of_a_blocked_lot_is_not_available_either(
    main: Location, second: Location
) -> None:
    milk = tracked()
    lot = come(milk, 3, "A")
    assert lot is not None
    services.block_lot(lot.id, reason="Recalled")

    come(milk, 2, "A", at=second.code)

    assert available(milk) == (5, 0)


def test_nothing_of_a_blocked_lot_is_reserved_by_hand(main: Location) -> None:
    milk = tracked()
    lot = come(milk, 3, "A")
    assert lot is not None
    services.block_lot(lot.id, reason="Recalled")

    with pytest.raises(LotUnfit, match="is blocked"):
        services.reserve(ReservedQuantity(milk.id, main.id, lot.id, Decimal(1)), key="r")


def test_a_blocked_lot_does_not_leave_for_a_customer_and_may_be_written_off(
    move: Mover, main: Location
) -> None:
    milk = tracked()
    lot = come(milk, 3, "A")
    assert lot is not None
    services.block_lot(lot.id, reason="Recalled")

    with pytest.raises(LotUnfit, match="does not leave"):
        move(
            milk,
            1,
            lot_id=lot.id,
            from_location_id=main.id,
            to_location_id=place("CUSTOMERS").id,
            reason="shipped",
        )

    come(milk, -3, "A")
    assert lots_of(milk) == {}


def test_what_expires_over_night_is_not_available_any_more(
    session: Session, main: Location
) -> None:
    milk = tracked()
    lot = come(milk, 3, "A", SOON)
    assert lot is not None
    assert services.withhold_expired() == 0

    session.execute(text("UPDATE lot SET expires_on = :day"), {"day": today() - timedelta(1)})

    assert services.withhold_expired() == 1
    assert available(milk) == (3, 0)
    assert services.withhold_expired() == 0


def test_who_says_that_a_lot_expires_later_gets_it_back(main: Location) -> None:
    milk = tracked()
    lot = come(milk, 3, "A", today() - timedelta(days=1))
    assert lot is not None
    assert available(milk) == (3, 0)

    services.revise_lot(lot.id, version=lot.version, expires_on=LATE, made_on=None)

    assert available(milk) == (3, 3)


def test_the_ledger_check_adds_up_with_lots(main: Location, second: Location) -> None:
    milk = tracked()
    come(milk, 3, "A")
    come(milk, -1, "A")
    come(milk, 2, "B", at=second.code)

    assert services.check_ledger(lambda _done, _of: None)["differences"] == 0
