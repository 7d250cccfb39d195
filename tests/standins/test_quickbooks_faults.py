"""Each planned fault does what its name says, as often as it was planned."""

import threading
import time
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from tests.standins.quickbooks import QuickBooks
from tests.standins.quickbooks.faults import USUAL

pytest_plugins = "tests.standins.quickbooks.fixtures"
PAGE = "SELECT * FROM Item MAXRESULTS 10"


class Asker:
    """Asks one stand-in."""

    def __init__(self, qb: QuickBooks, client: requests.Session) -> None:
        self.qb, self.client = qb, client

    def __call__(self, query: str = PAGE) -> requests.Response:
        url = f"{self.qb.url}/v3/company/{self.qb.realm}/query"
        return self.client.get(url, params={"query": query}, timeout=5)

    def refresh(self, token: str) -> requests.Response:
        form = {"grant_type": "refresh_token", "refresh_token": token}
        who = (self.qb.client_id, self.qb.client_secret)
        url = f"{self.qb.url}/oauth2/v1/tokens/bearer"
        return requests.post(url, data=form, auth=who, timeout=5)


@pytest.fixture
def ask(qb: QuickBooks, qb_client: requests.Session) -> Asker:
    return Asker(qb, qb_client)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("too_many", 429),
        ("html_503", 503),
        ("expired", 401),
        ("truncated", 200),
        ("not_json", 200),
        ("no_envelope", 200),
        ("empty", 200),
        ("slow", 200),
    ],
)
def test_a_fault_spoils_one_answer_and_is_noted(
    qb: QuickBooks, ask: Asker, name: str, status: int
) -> None:
    good = ask().json()["QueryResponse"]
    qb.faults.add(name, seconds=0.05)
    assert ask().status_code == status
    assert ask().json()["QueryResponse"] == good
    assert [one.fault for one in qb.exchanges] == [None, name, None]


def test_too_many_may_say_when_to_come_back(qb: QuickBooks, ask: Asker) -> None:
    qb.faults.add("too_many", times=2, retry_after=7)
    assert ask().headers["Retry-After"] == "7"
    assert ask().json()["fault"]["error"][0]["code"] == "3001"


@pytest.mark.parametrize("name", ["truncated", "not_json"])
def test_what_is_not_json_cannot_be_read(qb: QuickBooks, ask: Asker, name: str) -> None:
    qb.faults.add(name)
    with pytest.raises(requests.JSONDecodeError):
        ask().json()
    assert qb.exchanges[-1].json is None


def test_an_envelope_can_be_missing_or_empty(qb: QuickBooks, ask: Asker) -> None:
    qb.faults.add("no_envelope")
    assert "QueryResponse" not in ask().json()
    qb.faults.add("empty")
    assert ask().json() == {"QueryResponse": {}}


def test_slow_takes_its_time(qb: QuickBooks, ask: Asker) -> None:
    qb.faults.add("slow", seconds=0.2)
    start = time.perf_counter()
    ask()
    assert time.perf_counter() - start > 0.2


def test_a_page_can_come_twice(qb: QuickBooks, ask: Asker) -> None:
    first = ask().content
    qb.faults.add("duplicate_page")
    assert ask(f"{PAGE} STARTPOSITION 11").content == first


def test_a_record_can_be_bad_and_a_count_off(qb: QuickBooks, ask: Asker) -> None:
    bad: dict[str, Any] = {"Id": None}
    qb.faults.add("bad_record", record=bad)
    qb.faults.add("count_off", by=-3)
    assert ask().json()["QueryResponse"]["Item"][0] == bad
    off = ask("SELECT COUNT(*) FROM Item").json()["QueryResponse"]["totalCount"]
    assert ask("SELECT COUNT(*) FROM Item").json()["QueryResponse"]["totalCount"] == off + 3


def test_drop_closes_without_an_answer(qb: QuickBooks, ask: Asker) -> None:
    qb.faults.add("drop")
    with pytest.raises(requests.ConnectionError):
        ask()
    assert (qb.exchanges[-1].status, qb.exchanges[-1].fault) == (0, "drop")
    assert ask().status_code == 200


def test_a_write_whose_answer_is_dropped_is_done_and_can_be_repeated(
    qb: QuickBooks, ask: Asker
) -> None:
    url = f"{qb.url}/v3/company/{qb.realm}/vendor?requestid=abc"
    qb.faults.add("drop", match="object")
    with pytest.raises(requests.ConnectionError):
        ask.client.post(url, json={"DisplayName": "Pan Maker"}, timeout=5)
    made = ask.client.post(url, json={"DisplayName": "Pan Maker"}, timeout=5).json()
    assert made["Vendor"]["Id"] == "21"
    assert len(qb.company.objects("Vendor")) == 21


@pytest.mark.parametrize(
    ("name", "status"), [("invalid_grant", 400), ("token_500", 500), ("rotate", 400)]
)
def test_refreshing_can_fail(qb: QuickBooks, ask: Asker, name: str, status: int) -> None:
    _, token = qb.grant()
    qb.faults.add(name, match="token")
    assert ask.refresh(token).status_code == status
    assert (ask.refresh(token).status_code == 200) == (name != "rotate")


def test_of_two_refreshes_at_once_the_second_loses(qb: QuickBooks, ask: Asker) -> None:
    _, token = qb.grant()
    qb.faults.add("refresh_race", seconds=0.3)
    answers: list[int] = []
    slow = threading.Thread(target=lambda: answers.append(ask.refresh(token).status_code))
    slow.start()
    time.sleep(0.1)
    assert ask.refresh(token).status_code == 400
    slow.join()
    assert answers == [200]


def test_a_fault_can_wait_and_can_mean_one_kind_of_request(qb: QuickBooks, ask: Asker) -> None:
    qb.faults.add("html_503", times=2, after=1, match="count")
    count = "SELECT COUNT(*) FROM Item"
    found = [ask(query).status_code for query in (count, PAGE, count, PAGE, count, count)]
    assert found == [200, 200, 503, 200, 503, 200]


def test_a_fault_can_last_until_it_is_taken_away(qb: QuickBooks, ask: Asker) -> None:
    qb.faults.add("html_503", times=None)
    qb.faults.add("not_json", times=None)
    assert [ask().status_code for _ in range(5)] == [503] * 5

    qb.faults.remove("html_503")

    assert ask().headers["Content-Type"].startswith("text/html")


def test_a_flood_of_changes_is_cut_at_exactly_a_thousand(ask: Asker, qb: QuickBooks) -> None:
    for number in range(900):
        qb.company.create("Vendor", DisplayName=f"Maker {number}")
    url = f"{qb.url}/v3/company/{qb.realm}/cdc"
    future = datetime.fromtimestamp(time.time() + 60, UTC).isoformat()
    asked = {"entities": "Item,Vendor", "changedSince": future}
    qb.faults.add("cdc_truncated")

    flood, calm = (ask.client.get(url, params=asked, timeout=5).json() for _ in range(2))

    items, vendors = flood["CDCResponse"][0]["QueryResponse"]
    assert len(items["Item"]) == 200
    assert len(vendors["Vendor"]) == 800
    assert calm["CDCResponse"][0]["QueryResponse"] == [{}, {}]


def test_a_fault_meets_only_what_it_can_spoil_whatever_it_is_matched_with(
    qb: QuickBooks,
) -> None:
    qb.faults.add("duplicate_page", match="any")
    assert [qb.faults.take(kind) for kind in ("token", "count", "cdc", "object")] == [None] * 4
    assert qb.faults.take("page")


def test_faults_of_all_kinds_leave_a_revocation_alone(qb: QuickBooks) -> None:
    qb.faults.add("html_503", match="any")
    assert qb.faults.take("revoke") is None
    qb.faults.add("html_503", match="revoke")
    assert qb.faults.take("revoke")


def test_a_pace_can_be_kept(qb: QuickBooks, ask: Asker) -> None:
    qb.limit = (3, 500)
    assert [ask().status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    assert "Retry-After" not in ask().headers
    time.sleep(1.01)
    assert ask().status_code == 200

    qb.limit = (100, 4)
    assert ask().status_code == 429
    qb.limit = None
    assert ask().status_code == 200


def test_faults_can_be_cleared_and_must_exist(qb: QuickBooks, ask: Asker) -> None:
    for name in USUAL:
        qb.faults.add(name)
    qb.faults.clear()
    assert ask().status_code == 200
    with pytest.raises(ValueError, match="no fault is called"):
        qb.faults.add("nonsense")
