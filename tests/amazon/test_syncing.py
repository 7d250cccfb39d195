"""Stock, ledger, reports and money flow in, whatever Amazon or the line does."""

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.core.db import db
from app.integrations.hub import reports
from app.integrations.hub.models import Connection
from app.integrations.marketplaces.models import (
    FeeEstimate,
    InboundShipment,
    InboundShipmentLine,
    LedgerDay,
    LedgerEvent,
    MarketplaceReturn,
    MarketplaceStock,
    Reimbursement,
    Removal,
)
from app.integrations.money.models import MoneyFee, MoneyTransaction
from app.integrations.sync.models import RejectedRecord, StreamState, SyncRun
from app.integrations.sync.services import start_sync
from app.integrations.systems.amazon.flat_files import FILES, Report
from tests.amazon.conftest import Sync, connected, rows
from tests.factories import ProductFactory
from tests.integrations.conftest import again, work
from tests.standins.amazon import Amazon, columns

pytestmark = pytest.mark.committed
LEDGER = columns.LEDGER


def log_of(run: SyncRun) -> str:
    return " ".join(str(line["text"]) for line in run.log)


def test_a_first_sync_reads_everything(amazon: Amazon) -> None:
    amazon.seller.add("MUG-1", 40)
    order = amazon.seller.sell("MUG-1", 2, days=2)
    amazon.seller.take_back("MUG-1", order, disposition="CUSTOMER_DAMAGED")
    amazon.seller.lose("MUG-1", 3, days=1)
    amazon.seller.reimburse("MUG-1", "8.75")
    amazon.seller.remove("MUG-1", 5, shipped=4)
    shipment = amazon.seller.send_in({"MUG-1": (24, 22)})

    connected(amazon)
    work()

    run = db.session.scalars(select(SyncRun)).one()
    assert (run.state, run.problem, run.rows_failed) == ("succeeded", None, 0)
    [stock] = rows(MarketplaceStock)
    assert (stock.sku, stock.fulfillable, stock.unsellable) == ("MUG-1", 52, 1)
    assert {one.event: one.quantity for one in rows(LedgerEvent)} == {
        "Receipts": 22, "Shipments": -2, "CustomerReturns": 1, "Adjustments": -3,
        "VendorReturns": -5,
    }  # fmt: skip
    assert [one.closing for one in rows(LedgerDay)][-1] == 52
    [paid] = rows(Reimbursement)
    assert (paid.amount, paid.currency, paid.paid_quantity) == (Decimal("8.75"), "EUR", 1)
    [back] = rows(MarketplaceReturn)
    assert (back.order_number, back.disposition) == (order, "CUSTOMER_DAMAGED")
    [removal] = rows(Removal)
    assert (removal.requested, removal.shipped, removal.fee) == (5, 4, Decimal("0.52"))
    assert [one.external_id for one in rows(InboundShipment)] == [shipment]
    [line] = rows(InboundShipmentLine)
    assert (line.shipped, line.received) == (24, 22)
    assert [one.total for one in rows(FeeEstimate)] == [Decimal("6.49")]


def test_rows_that_are_equal_are_as_many_as_there_are(amazon: Amazon, sync: Sync) -> None:
    amazon.seller.add("MUG-1", 10)
    amazon.seller.happen("MUG-1", "Shipments", -1, reference="R1", times=3)

    sync()
    assert sum(one.quantity for one in rows(LedgerEvent, event="Shipments")) == -3
    amazon.seller.happen("MUG-1", "Shipments", -1, reference="R1")
    run = sync()

    assert run.state == "succeeded"
    assert sum(one.quantity for one in rows(LedgerEvent, event="Shipments")) == -4
    assert rows(MarketplaceStock)[0].fulfillable == 6


def test_the_same_again_changes_nothing(amazon: Amazon, sync: Sync) -> None:
    amazon.seller.add("MUG-1", 10)
    amazon.seller.sell("MUG-1")
    sync()
    known = [one.id for one in rows(LedgerEvent)]

    run = sync("full")

    assert (run.state, run.rows_changed, run.rows_gone) == ("succeeded", 0, 0)
    assert [one.id for one in rows(LedgerEvent)] == known


def test_the_token_is_shown_to_amazon_alone(amazon: Amazon, sync: Sync) -> None:
    amazon.seller.add("MUG-1", 10)

    sync("full")

    files = [one for one in amazon.exchanges if one.path.startswith("/files/")]
    assert files
    for one in files:
        assert "X-Amz-Access-Token" not in {name.title() for name in one.headers}
        assert one.headers["Host"].startswith("localhost")


@pytest.mark.parametrize(
    ("said", "written", "note"),
    [
        ("UTF-8", "utf-8", ""),
        ("windows-1252", "cp1252", ""),
        (None, "cp1252", "it was read as cp1252"),
        (None, "utf-8", "it was read as utf-8"),
        ("UTF-8", "cp1252", "says that it is utf-8, and is not"),
    ],
)
def test_files_are_read_in_their_letters_and_guesses_are_told(
    amazon: Amazon, sync: Sync, said: str | None, written: str, note: str
) -> None:
    amazon.seller.add("MUG-1", 10, name="Café-Becher für Ÿ")
    amazon.state.charset, amazon.state.written_in = said, written

    run = sync("full")

    assert rows(LedgerEvent)[0].name == "Café-Becher für Ÿ"
    assert (note in log_of(run)) if note else ("read as" not in log_of(run))


def test_files_that_are_not_packed_are_read_as_well(amazon: Amazon, sync: Sync) -> None:
    amazon.seller.add("MUG-1", 10)
    amazon.state.is_packed = False

    assert sync("full").state == "succeeded"
    assert rows(LedgerEvent)[0].quantity == 10


def test_a_report_that_is_being_made_keeps_nothing_else_waiting(
    amazon: Amazon, sync: Sync
) -> None:
    amazon.seller.add("MUG-1", 10)
    amazon.faults.add("stuck", match="poll", times=2, type=LEDGER)
    amazon.exchanges.clear()

    run = sync()

    assert run.state == "succeeded"
    made = [one for one in amazon.exchanges if one.method == "POST" and LEDGER in str(one.body)]
    spans = [json.loads(one.body)["dataStartTime"] for one in made]
    assert len(spans) == len({*spans})  # what is under way is not made again


def test_a_cancelled_report_says_so_and_empties_nothing(amazon: Amazon, sync: Sync) -> None:
    amazon.seller.add("MUG-1", 10)
    sync()
    amazon.faults.add("cancelled", match="poll", times=None)

    run = sync()

    assert (run.state, run.rows_gone) == ("succeeded", 0)
    assert "nothing is reported of" in log_of(run)
    assert "(CANCELLED)" in log_of(run)
    assert len(rows(LedgerEvent)) == 1


def test_a_report_that_cannot_be_made_costs_itself_and_is_told(
    amazon: Amazon, sync: Sync
) -> None:
    amazon.seller.add("MUG-1", 10)
    amazon.faults.add("fatal", match="poll", times=1, type=LEDGER)

    run = sync()

    assert run.state == "failed"
    assert "could not be made. (FATAL)" in str(run.problem)
    assert len(rows(MarketplaceStock)) == 1
    assert sync().state == "succeeded"
    assert len(rows(LedgerEvent)) == 1


def test_a_report_that_hangs_is_given_up_after_a_day(
    amazon: Amazon, sync: Sync, monkeypatch: pytest.MonkeyPatch
) -> None:
    amazon.seller.add("MUG-1", 10)
    amazon.faults.add("stuck", match="poll", times=None, type=LEDGER)
    monkeypatch.setattr("app.integrations.hub.reports.PATIENCE", -datetime.resolution)

    run = sync()

    assert run.state == "failed"
    assert "not made after a day" in str(run.problem)


def test_a_head_without_rows_is_a_question_and_no_answer(amazon: Amazon, sync: Sync) -> None:
    amazon.seller.add("MUG-1", 10)
    sync()
    amazon.faults.add("header_only", match="file", times=None)

    run = sync()

    assert run.rows_gone == 0
    assert "came empty. The 1 known rows stay as they are" in log_of(run)
    assert len(rows(LedgerEvent)) == 1


@pytest.mark.parametrize("fault", ["cut_gzip", "no_columns", "html_503", "truncated", "drop"])
def test_what_cannot_be_understood_is_asked_for_again(
    amazon: Amazon, sync: Sync, fault: str
) -> None:
    amazon.seller.add("MUG-1", 10)
    is_of_file = fault in {"cut_gzip", "no_columns"}
    amazon.faults.add(fault, match="file" if is_of_file else "page", times=2)

    run = sync("full")

    assert run.state == "succeeded"
    assert (len(rows(LedgerEvent)), len(rows(MarketplaceStock))) == (1, 1)


def test_a_row_that_is_not_whole_costs_itself(amazon: Amazon, sync: Sync) -> None:
    amazon.seller.add("MUG-1", 10)
    amazon.faults.add("short_row", match="file", times=None, type=columns.FEES)

    run = sync()

    assert run.state == "succeeded"
    assert (len(rows(LedgerEvent)), len(rows(FeeEstimate))) == (1, 1)
    assert {one.kind for one in db.session.scalars(select(RejectedRecord))} == {"fee_estimate"}


def test_a_file_that_is_gone_costs_its_kind_until_the_next_time(
    amazon: Amazon, sync: Sync
) -> None:
    amazon.seller.add("MUG-1", 10)
    amazon.faults.add("expired", match="file", times=None)

    assert sync("full").state == "failed"
    amazon.faults.clear()
    assert sync("full").state == "succeeded"
    assert len(rows(LedgerEvent)) == 1


def test_stock_that_comes_empty_erases_nothing(amazon: Amazon, sync: Sync) -> None:
    amazon.seller.add("MUG-1", 10)
    sync()
    amazon.faults.add("empty", match="page", times=None)

    run = sync()

    assert run.state == "succeeded"
    assert "came empty. What is known stays as it is" in log_of(run)
    assert rows(MarketplaceStock)[0].fulfillable == 10
    assert sync("full").state == "asking"
    assert len(rows(MarketplaceStock)) == 1


def test_pages_follow_tokens_with_everything_else_that_was_asked(
    amazon: Amazon, sync: Sync
) -> None:
    for number in range(120):
        amazon.seller.add(f"MUG-{number:03d}")
    amazon.exchanges.clear()

    sync()

    asked = [one.query for one in amazon.exchanges if one.path.endswith("/summaries")]
    assert len(rows(MarketplaceStock)) == 120
    assert [len(one) for one in asked] == [4, 5, 5]
    assert "+" in asked[1]["nextToken"] or "/" in asked[1]["nextToken"]


def test_a_page_that_leads_to_itself_is_not_followed_for_ever(
    amazon: Amazon, sync: Sync
) -> None:
    for number in range(60):
        amazon.seller.add(f"MUG-{number:03d}")
    amazon.faults.add("same_token", match="page", times=None)

    run = sync()

    assert run.state == "waiting"
    assert "names the same page again" in str(run.problem)


def test_a_quota_of_the_day_that_comes_as_a_success_is_waited_for(
    amazon: Amazon, sync: Sync
) -> None:
    amazon.seller.add("MUG-1", 10)
    amazon.faults.add("quota", match="page", times=1)

    run = sync()

    assert run.state == "waiting"
    assert "a quota is used up" in log_of(run)
    assert rows(MarketplaceStock) == []


def test_an_address_that_has_ended_is_asked_for_anew() -> None:
    source = Report(file=FILES["ledger"], account="A1STANDINKITCHEN/DE")
    told = datetime.now(UTC)
    place = reports.Place("2026-11", "5", told, "doc", "https://files.example.com/1", told)

    assert reports.request(source, place).path == "https://files.example.com/1"
    place.told_at = told - reports.GOOD_FOR
    assert reports.request(source, place).path == "/reports/2021-06-30/documents/doc"


def test_clocks_that_differ_are_told_and_move_no_snapshot(
    amazon: Amazon, sync: Sync, monkeypatch: pytest.MonkeyPatch
) -> None:
    amazon.seller.add("MUG-1", 10)
    theirs = datetime.now(UTC) + timedelta(hours=3)
    monkeypatch.setattr("app.integrations.hub.http._moment", lambda _said: theirs)

    run = sync()

    assert run.state == "succeeded"
    assert re.search(r"clock of Amazon and ours differ by 1[78]\d minutes", log_of(run))
    state = db.session.scalars(select(StreamState).filter_by(stream="stock")).one()
    assert state.read_at is not None
    assert abs(state.read_at - datetime.now(UTC)) < timedelta(minutes=2)


def test_what_was_asked_for_lately_is_not_asked_for_again(
    amazon: Amazon, connection: Connection
) -> None:
    amazon.exchanges.clear()

    run = start_sync(connection.id, mode="changes", cause="person")
    work()

    assert again(run).state == "succeeded"
    assert [*amazon.exchanges] == []


def test_money_is_kept_with_its_fees(amazon: Amazon, sync: Sync) -> None:
    amazon.seller.add("MUG-1", 10, price="20.00")
    order = amazon.seller.sell("MUG-1", 2)
    amazon.seller.charge(39.99)

    sync()

    found = {one.role: one for one in db.session.scalars(select(MoneyTransaction))}
    sale, fee = found["sale"], found["fee"]
    assert (sale.amount, sale.fee, sale.net) == (Decimal(40), Decimal(6), Decimal(34))
    assert (sale.reference, sale.currency) == (order, "EUR")
    assert (fee.amount, fee.net) == (Decimal("-39.99"), Decimal("-39.99"))
    kinds = {one.kind: one.amount for one in db.session.scalars(select(MoneyFee))}
    assert kinds == {"Commission": Decimal(6), "ServiceFee": Decimal("39.99")}


def test_what_was_deferred_is_counted_once(amazon: Amazon, sync: Sync) -> None:
    amazon.seller.add("MUG-1", 10, price="20.00")
    amazon.seller.sell("MUG-1")
    [first] = amazon.seller.transactions
    first["transactionStatus"] = "DEFERRED"
    sync()
    assert db.session.scalars(select(MoneyTransaction)).one().is_pending

    first["transactionStatus"] = "DEFERRED_RELEASED"
    amazon.seller.transactions.append(
        first | {"transactionStatus": "RELEASED", "transactionId": "released"}
    )
    sync()

    db.session.expire_all()
    one = db.session.scalars(select(MoneyTransaction)).one()
    assert (one.external_id, one.is_pending) == ("released", False)


def test_money_of_another_marketplace_is_left_to_its_own_connection(
    amazon: Amazon, sync: Sync
) -> None:
    amazon.seller.add("MUG-1", 10)
    for place in ("A1F83G8C2ARO7P", "A13V1IB3VIYZZH"):  # Great Britain, and France: one pool
        amazon.seller.sell("MUG-1")
        amazon.seller.transactions[-1]["marketplaceDetails"]["marketplaceId"] = place

    sync()

    assert len(rows(MoneyTransaction)) == 1


def test_figures_that_do_not_add_up_are_refused_by_name(amazon: Amazon, sync: Sync) -> None:
    amazon.seller.add("MUG-1", 10)
    amazon.seller.sell("MUG-1")
    amazon.seller.transactions[0]["totalAmount"]["currencyAmount"] = 1.0

    sync()

    assert rows(MoneyTransaction) == []
    assert "do not add up" in db.session.scalars(select(RejectedRecord)).one().reason


def test_our_products_are_found_by_their_sku(amazon: Amazon, sync: Sync) -> None:
    product = ProductFactory.create(sku="mug 1")
    amazon.seller.add("MUG-1", 10)
    amazon.seller.add("MUG 1", 10)
    db.session.commit()

    sync()

    found = {one.sku: one.product_id for one in rows(MarketplaceStock)}
    assert found["MUG 1"] == product.id


def test_what_is_known_says_how_old_it_is(amazon: Amazon, sync: Sync) -> None:
    amazon.seller.add("MUG-1", 10)
    before = datetime.now(UTC)

    sync()

    state = db.session.scalars(select(StreamState).filter_by(stream="stock")).one()
    assert state.read_at is not None
    assert abs((state.read_at - before).total_seconds()) < 60
