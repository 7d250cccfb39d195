"""The nightly proof that balances follow from the ledger."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.alerts import Alert
from app.core.jobs import JobRun
from app.core.jobs.runner import perform
from app.stock import jobs, services
from app.stock.errors import (
    LedgerDiffers,
)
from app.stock.models import Reservation
from app.stock.reservations import ReservedQuantity
from tests.factories import ProductFactory
from tests.stock.conftest import Mover, place, stocked


def reserved(product: Any, quantity: int, key: str = "r", **rest: Any) -> Reservation:
    wanted = ReservedQuantity(product.id, place("MAIN-01").id, None, Decimal(quantity))
    return services.reserve(wanted, key=key, **rest)


def test_a_ledger_that_adds_up_is_proved() -> None:
    product = stocked(10)
    reserved(product, 4)
    heard: list[tuple[int, int]] = []

    result = services.check_ledger(lambda done, total: heard.append((done, total)))

    assert heard[-1] == (product.id, product.id)
    assert result == {"products": product.id, "differences": 0}


@pytest.mark.parametrize(
    ("tampering", "reason"),
    [
        ("UPDATE stock_balance SET on_hand = 11", "11 on hand, 10 moved"),
        ("UPDATE stock_balance SET reserved = 5", "5 reserved, 4 by reservations"),
        ("UPDATE reservation SET quantity = 3", "4 reserved, 3 by reservations"),
        ("UPDATE reservation SET state = 'released'", "4 reserved, 0 by reservations"),
        ("DELETE FROM stock_balance", "0 on hand, 10 moved"),
    ],
)
def test_the_proof_names_what_does_not_add_up(
    session: Session, tampering: str, reason: str
) -> None:
    product = stocked(10, ProductFactory.create(sku="OAT-1"))
    reserved(product, 4)
    session.execute(text(tampering))

    with pytest.raises(LedgerDiffers, match=f"1 balances differ: OAT-1 at MAIN-01: .*{reason}"):
        services.check_ledger(lambda _done, _total: None)


def test_the_proof_goes_in_batches(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    stocked(1)
    product = stocked(1)
    half = (product.id + 1) // 2  # ids of the tests before are batches, too
    monkeypatch.setattr("app.stock.services.ledger_check.BATCH", half)
    heard: list[int] = []

    services.check_ledger(lambda done, _total: heard.append(done))

    assert heard == [half, product.id]


@pytest.mark.committed
def test_the_job_of_the_proof_fails_with_the_list(session: Session) -> None:
    stocked(10, ProductFactory.create(sku="OAT-1"))
    session.execute(text("UPDATE stock_balance SET on_hand = 9"))
    session.commit()
    run = jobs.check_ledger.enqueue()

    with pytest.raises(LedgerDiffers):
        perform(run.id)

    session.expire_all()
    ended = session.get_one(JobRun, run.id)
    assert ended.state == "failed"
    assert "OAT-1 at MAIN-01" in (ended.error or "")
    alert = session.query(Alert).one()
    assert (alert.kind, alert.key) == ("stock.ledger", "stock:ledger")
    assert alert.text.startswith("OAT-1 at MAIN-01: 9 on hand, 10 moved")

    session.execute(text("UPDATE stock_balance SET on_hand = 10"))
    session.commit()
    perform(jobs.check_ledger.enqueue().id)
    session.refresh(alert)
    assert not alert.is_open


def test_lots_are_proved_apart(session: Session, move: Mover) -> None:
    product = stocked(5)
    session.execute(
        text("INSERT INTO lot (product_id, code) VALUES (:id, 'L1')"), {"id": product.id}
    )
    lot_id = session.execute(text("SELECT id FROM lot")).scalar_one()
    move(product, 2, lot_id=lot_id)
    session.execute(text("UPDATE stock_balance SET on_hand = 7 - on_hand"))

    with pytest.raises(LedgerDiffers, match="2 balances differ"):
        services.check_ledger(lambda _done, _total: None)
