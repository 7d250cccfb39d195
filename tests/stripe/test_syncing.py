"""Money flows in, each thing once, whatever Stripe or the line does."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.core.db import db
from app.core.jobs import JobRun
from app.integrations.hub.models import Connection
from app.integrations.money.models import MoneyBalance, MoneyDispute, MoneyFee
from app.integrations.sync.models import ExternalRecord, RejectedRecord, SyncRun
from app.integrations.sync.services import start_sync
from tests.integrations.conftest import again, work
from tests.serving_elsewhere import Elsewhere
from tests.standins.stripe import Stripe
from tests.stripe.conftest import Sync, connected, payouts, transactions

pytestmark = pytest.mark.committed


def counts() -> dict[str, int]:
    query = select(ExternalRecord.kind, func.count()).where(ExternalRecord.gone_at.is_(None))
    return dict(db.session.execute(query.group_by(ExternalRecord.kind)).all())


def fees_of(external_id: str) -> list[tuple[str, Decimal]]:
    [one] = transactions(external_id=external_id)
    query = select(MoneyFee).where(MoneyFee.transaction_id == one.id)
    return [
        (fee.kind, fee.amount) for fee in db.session.scalars(query.order_by(MoneyFee.position))
    ]


def test_a_first_sync_reads_all_pages_of_everything(stripe: Stripe) -> None:
    for number in range(230):
        stripe.account.sell(1000 + number)
    stripe.account.arrive(stripe.account.pay_out()["id"])
    stripe.account.sell(500)

    connected(stripe)
    work()

    assert counts() == {
        "balance": 1, "balance_transaction": 232, "payout": 1, "charge": 231, "settlement": 230,
    }  # fmt: skip
    [payout] = payouts()
    settled = transactions(payout_id=payout.id)
    assert len(settled) == 230
    assert sum(one.net for one in settled) == payout.amount
    assert payout.is_told
    assert (payout.state, payout.trace) == ("paid", f"T{payout.external_id}")


def test_amounts_have_the_decimals_of_their_currency(stripe: Stripe, sync: Sync) -> None:
    stripe.account.sell(1999, "eur")
    stripe.account.sell(1999, "jpy")

    sync()

    assert [(one.currency, one.amount) for one in transactions(role="sale")] == [
        ("EUR", Decimal("19.99")), ("JPY", Decimal("1999.00")),
    ]  # fmt: skip


def test_fees_are_kept_by_their_kinds_and_alone(stripe: Stripe, sync: Sync) -> None:
    sold = stripe.account.sell(10_000)
    alone = stripe.account.charge_fee(700)

    sync()

    assert fees_of(sold["balance_transaction"]) == [
        ("stripe_fee", Decimal("1.75")), ("tax", Decimal("0.35")),
    ]  # fmt: skip
    assert fees_of(alone["id"]) == [("stripe_fee", Decimal("7.00"))]


def test_changes_of_the_last_days_are_asked_for_again(stripe: Stripe, sync: Sync) -> None:
    stripe.account.sell(1000)
    sync()
    assert transactions()[0].is_pending
    stripe.exchanges.clear()

    payout = stripe.account.pay_out()
    stripe.account.arrive(payout["id"])
    run = sync()

    assert run.state == "succeeded"
    assert not transactions(role="sale")[0].is_pending
    assert transactions(role="sale")[0].payout_id == payouts()[0].id
    asked = {one.path for one in stripe.exchanges if "created[gte]" in one.query}
    assert asked == {"/v1/balance_transactions", "/v1/payouts", "/v1/charges"}


def test_a_payout_by_hand_says_nothing_of_what_it_settles(stripe: Stripe, sync: Sync) -> None:
    stripe.account.sell(1000)
    stripe.account.arrive(stripe.account.pay_out(is_automatic=False)["id"])

    sync()

    assert not payouts()[0].is_told
    assert transactions(role="sale")[0].payout_id is None


def test_the_same_again_changes_nothing(stripe: Stripe, sync: Sync) -> None:
    stripe.account.sell(900)
    stripe.account.arrive(stripe.account.pay_out()["id"])
    sync("full")
    known = [one.id for one in transactions()]

    run = sync("full")

    assert (run.state, run.rows_gone, run.rows_failed) == ("succeeded", 0, 0)
    assert run.rows_changed <= 1  # the balance, which says in which second it was asked
    assert [one.id for one in transactions()] == known


def test_a_dispute_wants_an_answer(stripe: Stripe, sync: Sync) -> None:
    sold = stripe.account.sell(5000)
    stripe.account.dispute(sold["id"])

    sync()

    one = db.session.scalars(select(MoneyDispute)).one()
    assert (one.state, one.amount, one.source) == ("needs_answer", Decimal("50.00"), sold["id"])
    [taken] = transactions(role="dispute")
    assert (taken.amount, taken.fee, taken.net) == (Decimal(-50), Decimal(20), Decimal(-70))


def test_the_balance_is_what_is_left(stripe: Stripe, sync: Sync) -> None:
    stripe.account.sell(5000)
    stripe.account.pay_out()
    left = stripe.account.sell(1000)

    sync()

    held = db.session.scalars(select(MoneyBalance)).one()
    net = transactions(external_id=left["balance_transaction"])[0].net
    assert (held.currency, held.available, held.pending) == ("EUR", Decimal(0), net)


@pytest.mark.parametrize("fault", ["html_503", "not_json", "truncated", "drop", "no_envelope"])
def test_what_cannot_be_understood_is_asked_for_again(
    stripe: Stripe, sync: Sync, fault: str
) -> None:
    for number in range(150):
        stripe.account.sell(1000 + number)
    stripe.faults.add(fault, match="page", after=1, times=2)

    run = sync("full")

    assert run.state == "succeeded"
    assert len(transactions()) == 150


def test_a_page_that_comes_twice_is_no_second_page(stripe: Stripe, sync: Sync) -> None:
    for number in range(150):
        stripe.account.sell(1000 + number)
    stripe.faults.add("duplicate_page", match="page", after=1, times=1)

    run = sync("full")

    assert (run.state, run.rows_gone) == ("succeeded", 0)
    assert len(transactions()) == 150


def test_patience_is_kept_when_it_is_asked_for(stripe: Stripe, sync: Sync) -> None:
    stripe.account.sell(1000)
    stripe.faults.add("too_many", match="page", times=1, retry_after=600)

    run = sync("full")

    assert run.state == "waiting"
    assert "asks for patience" in str(run.problem)
    assert transactions() == []


def test_an_empty_list_erases_nothing_and_asks(stripe: Stripe, sync: Sync) -> None:
    for number in range(20):
        stripe.account.sell(1000 + number)
    sync("full")
    stripe.faults.add("empty", match="page", times=None)

    run = sync("full")

    assert run.state == "asking"
    assert len(transactions()) == 20


def test_a_record_that_cannot_be_read_costs_itself(stripe: Stripe, sync: Sync) -> None:
    stripe.account.sell(1000)
    stripe.account.sell(2000)
    stripe.faults.add("bad_record", match="page", record={"object": "balance_transaction"})

    run = sync("full")

    assert (run.state, run.rows_failed) == ("succeeded", 1)
    assert len(transactions()) == 1


def test_figures_that_do_not_add_up_are_refused_by_name(stripe: Stripe, sync: Sync) -> None:
    sold = stripe.account.sell(1000)
    stripe.account.transactions.change(sold["balance_transaction"], net=1)

    sync("full")

    assert transactions() == []
    refused = db.session.scalars(select(RejectedRecord)).one()
    assert refused.external_id == sold["balance_transaction"]
    assert "not what is left" in refused.reason


def test_a_right_that_is_missing_costs_one_kind_and_is_named(
    stripe: Stripe, sync: Sync
) -> None:
    stripe.account.sell(1000)
    stripe.state.forbidden = {"charges"}

    run = sync("full")

    assert run.state == "failed"
    assert "rak_charge_read" in str(run.problem)
    assert "rk_test" not in str(run.problem)
    assert len(transactions()) == 1


def test_a_key_that_is_refused_asks_for_a_new_one(
    stripe: Stripe, sync: Sync, connection: Connection
) -> None:
    stripe.state.key = "rk_test_another"

    run = sync()

    assert run.state == "failed"
    again = select(Connection).where(Connection.id == connection.id)
    fresh = db.session.scalars(again.execution_options(populate_existing=True)).one()
    assert fresh.state == "reconnect"
    stripe.exchanges.clear()


def test_a_redirect_never_carries_the_key(stripe: Stripe, sync: Sync) -> None:
    with Elsewhere().running() as elsewhere:
        stripe.faults.add("redirect", match="any", times=None, to=f"{elsewhere.url}/v1/balance")

        run = sync("full")

        assert elsewhere.asked == []
    assert run.state == "waiting"


def test_it_goes_on_where_it_was_interrupted(stripe: Stripe, connection: Connection) -> None:
    for number in range(450):
        stripe.account.sell(1000 + number)
    run = start_sync(connection.id, mode="full", cause="person")
    stripe.faults.add("html_503", match="page", after=3, times=8)
    work()
    assert again(run).state == "waiting"
    stripe.exchanges.clear()

    stripe.faults.clear()
    db.session.get_one(JobRun, again(run).job_run_id).lose()
    db.session.commit()
    start_sync(connection.id, mode="full", cause="person")
    work()

    assert again(run).state == "succeeded"
    assert len(transactions()) == 450
    first = next(one for one in stripe.exchanges if one.path == "/v1/balance_transactions")
    assert "starting_after" in first.query


def test_every_run_is_recorded(stripe: Stripe, connection: Connection) -> None:
    run = db.session.scalars(select(SyncRun)).one()

    assert (run.state, run.mode) == ("succeeded", "full")
