"""The stand-in is a Stripe to the vendor's own client, and it is what its schema says."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import stripe as package

from tests.standins.stripe import Stripe, vendor
from tests.standins.stripe.webhooks import signature

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def stripe() -> Iterator[Stripe]:
    with Stripe(charges=130, days=3).running() as standin:
        yield standin


@pytest.fixture
def client(stripe: Stripe) -> Any:
    addresses: Any = {"api": stripe.url}
    return package.StripeClient(
        stripe.state.key, base_addresses=addresses, max_network_retries=0
    )


def test_the_vendors_client_turns_its_pages(stripe: Stripe, client: Any) -> None:
    found = client.v1.charges.list({"limit": 50})

    assert {one.id for one in found.auto_paging_iter()} == {*stripe.account.charges.places}


def test_the_vendors_client_asks_what_a_payout_settles(stripe: Stripe, client: Any) -> None:
    payout = client.v1.payouts.list({"limit": 1}).data[0]
    settled = client.v1.balance_transactions.list({"payout": payout.id, "limit": 100})

    parts = [one.net for one in settled.auto_paging_iter() if one.type != "payout"]
    assert sum(parts) == payout.amount


def test_the_vendors_client_meets_refusals(stripe: Stripe, client: Any) -> None:
    with pytest.raises(package.InvalidRequestError, match="No such payout"):
        client.v1.payouts.retrieve("po_none")
    with pytest.raises(package.PermissionError):
        client.v1.accounts.retrieve_current()
    stripe.faults.add("too_many")
    with pytest.raises(package.RateLimitError):
        client.v1.balance.retrieve()


def test_the_vendors_package_takes_its_signature(stripe: Stripe) -> None:
    body, headers = stripe.signed("payout.paid", {"id": "po_1", "object": "payout"})

    event = package.Webhook.construct_event(
        body, headers["Stripe-Signature"], stripe.state.secret
    )
    assert event.type == "payout.paid"
    with pytest.raises(package.SignatureVerificationError):
        package.Webhook.construct_event(body, signature(body, ["x"]), stripe.state.secret)


@pytest.mark.skipif(not vendor.AVAILABLE, reason="the vendor's description is not here")
def test_all_that_it_says_is_what_the_vendor_describes(stripe: Stripe, client: Any) -> None:
    sold = client.v1.charges.list({"limit": 1}).data[0].id
    stripe.account.dispute(sold)
    stripe.account.refund(sold)
    stripe.account.charge_fee(300)
    stripe.exchanges.clear()

    for name in ("charges", "payouts", "disputes", "balance_transactions"):
        client.raw_request("get", f"/v1/{name}", limit=100)
    client.v1.balance.retrieve()
    client.v1.charges.retrieve(sold)

    assert [line for one in stripe.exchanges for line in vendor.problems(one)] == []


@pytest.mark.skipif(not vendor.AVAILABLE, reason="the vendor's description is not here")
def test_the_judge_finds_what_is_wrong(stripe: Stripe, client: Any) -> None:
    stripe.exchanges.clear()
    stripe.faults.add("bad_record", record={"id": 7})
    client.raw_request("get", "/v1/charges", limit=3)
    [exchange] = stripe.exchanges
    object.__setattr__(exchange, "fault", None)

    assert any("data/0" in line for line in vendor.problems(exchange))


def test_its_pages_make_things_happen(stripe: Stripe) -> None:
    before = len(stripe.account.charges)
    for deed in ("sell", "refund", "dispute", "fee", "payout"):
        asked = {"do": deed, "amount": "1500", "currency": "eur", "order": "SO-000001"}
        assert requests.post(stripe.url, data=asked, timeout=5).status_code == 200
    for page in ("", "/objects/charges", "/objects/payouts", "/faults"):
        assert requests.get(f"{stripe.url}{page}", timeout=5).status_code == 200

    assert len(stripe.account.charges) == before + 1
    requests.post(f"{stripe.url}/faults", data={"name": "html_503", "times": 1}, timeout=5)
    assert [one.name for one in stripe.faults.planned] == ["html_503"]
    stripe.faults.clear()


def test_it_runs_by_hand_and_says_how_to_use_it() -> None:
    command = [sys.executable, "-m", "tests.standins.stripe", "--port", "0", "--charges", "5"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            said = "".join(process.stdout.readline() for _ in range(4))
            [url] = re.findall(r"stand-in: (http://127\.0\.0\.1:\d+)", said)
            overview = requests.get(url, timeout=5).text
        finally:
            process.terminate()

    for name in ("number of the account", "key of a test", "signing secret"):
        [value] = re.findall(rf"(?m)^  {name}  +(.+)$", said)
        assert value in overview
