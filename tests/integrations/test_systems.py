"""A system made on the spot: a manifest is all it takes, and nothing outside knows of it."""

# ruff: noqa: ARG002  (a market of one stall needs little of what it is told)

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from flask import Flask, jsonify
from requests import Response
from sqlalchemy import select

from app.catalog.importers import PRODUCTS
from app.catalog.models import Product
from app.core.db import db
from app.core.errors import Invalid
from app.core.events import Periodic
from app.integrations import jobs
from app.integrations.hub.auth import AuthMethod, CredentialField, CredentialsConnector
from app.integrations.hub.connector import Answer, Batch, Page, Request, Stream, TokenSet
from app.integrations.hub.errors import Rejected, Unreadable
from app.integrations.hub.limiter import Rate
from app.integrations.hub.models import Connection
from app.integrations.inbound.catalog import THEIRS, CatalogTarget
from app.integrations.inbound.targets import PendingRecord, RecordTarget
from app.integrations.services.credentials import connect_with_credentials
from app.integrations.sync.events import MirrorChanged
from app.integrations.sync.models import ExternalRecord, RejectedRecord, SyncRun
from app.integrations.system import System, load_systems, register, wired
from app.orders.channels import channels
from app.orders.models import SalesOrder
from app.orders.services import create_order
from app.wiring import SYSTEMS, WIRING
from tests.conftest import SignIn
from tests.factories import CustomerFactory
from tests.integrations.conftest import ours, work
from tests.standins.serving import Served

pytestmark = pytest.mark.committed

THINGS = [{"id": "1", "name": "Kettle"}, {"id": "2", "name": "Pot"}]
NOTES = [{"id": "7", "text": "Good"}, {"id": "8", "text": ""}]
SHELF = {"thing": THINGS, "note": NOTES, "rumour": [{"id": "9"}]}


def _never(_record: Any) -> bool:
    return False


def _stream(kind: str) -> Stream:
    return Stream(
        kind=kind,
        label=f"{kind.capitalize()}s",
        key=lambda record: str(record["id"]),
        changed_at=lambda _record: None,
        is_gone=_never,
    )


class Bazaar(CredentialsConnector):
    """A market of one stall: it counts, and gives everything on one page."""

    system = "bazaar"
    label = "Bazaar"
    about = "Things and notes of a market."
    rate = Rate(10_000, 10_000)
    streams = tuple(map(_stream, SHELF))
    auth_methods: ClassVar[Mapping[str, AuthMethod]] = {
        "word": AuthMethod("Password", "", (CredentialField("word", "Word"),))
    }

    # What each method does is said where `Connector` asks for it.

    def account(self, address: str) -> tuple[str, str]:
        if not address.startswith("http"):
            raise Invalid("address", "This is no address.")
        return address.partition("//")[2], address

    def base_url(self, environment: str, address: str = "") -> str:
        return address

    def authenticate(
        self, address: str, method: str, credentials: Mapping[str, str]
    ) -> TokenSet:
        return TokenSet(credentials["word"], None, None)

    def access_checks(self) -> Mapping[str, Request]:
        return {"Market": self.account_request("")}

    def describe_check(self, label: str, body: object) -> str:
        return "It is open."

    def parse_error(self, response: Response) -> Rejected | None:
        return None

    def account_request(self, account: str) -> Request:
        return Request("/name", {})

    def parse_account_name(self, answer: Answer) -> str:
        return str(answer.body)

    def count_request(self, account: str, kind: str) -> Request:
        return Request(f"/{kind}", {})

    def parse_count(self, answer: Answer) -> tuple[int, datetime]:
        return len(answer.body), datetime.now(UTC)

    def page_request(
        self, account: str, kind: str, position: str | None, *, since: datetime | None = None
    ) -> Request:
        return Request(f"/{kind}", {})

    def parse_page(self, kind: str, position: str | None, answer: Answer) -> Page:
        return Page(Batch(kind, answer.body), None)

    def ids_request(self, account: str, kind: str, external_ids: Sequence[str]) -> Request:
        return Request(f"/{kind}", {})


class Notes(RecordTarget):
    """Notes become nothing of the catalogue: they are only heard, one by one."""

    def apply_one(
        self, connection: Connection, record: PendingRecord, context: dict[str, str]
    ) -> None:
        if not record.payload["text"]:
            raise Unreadable("It says nothing.")
        HEARD.append(f"{connection.name}: {record.payload['text']}")


HEARD: list[str] = []


def _thing(record: Mapping[str, Any]) -> dict[str, Any]:
    return {"sku": f"B-{record['id']}", "name": record["name"]}


BAZAAR = System(
    connector=Bazaar(),
    targets=(
        CatalogTarget(
            kind="thing", label="Things", model=Product, key="sku", importer=PRODUCTS,
            read=_thing, match=lambda _connection_id, _incoming: {},
            new_keys=lambda incoming: [one.values["sku"] for one in incoming],
            fields={"name": THEIRS},
        ),
        Notes(kind="note"),
    ),
    jobs={MirrorChanged: [jobs.apply_changes]},
    schedule={"haggle": Periodic("0 5 * * *", jobs.cleanup.enqueue, "Haggle", order=99)},
)  # fmt: skip


class Market(Served):
    """The other end of the line."""

    def application(self) -> Flask:
        web = Flask("market")
        web.add_url_rule("/name", "name", lambda: jsonify("Market of Five"))
        web.add_url_rule("/<kind>", "kind", lambda kind: jsonify(SHELF[kind]))
        return web


@pytest.fixture
def market(app: Flask) -> Iterator[Market]:
    """A market that is open, and its system beside the others."""
    HEARD.clear()
    register(app, (*SYSTEMS, BAZAAR))
    with Market().running() as market:
        yield market
    register(app, SYSTEMS)


@pytest.fixture
def connection(market: Market) -> Connection:
    """It is connected, and its first sync is done."""
    made = connect_with_credentials(
        "bazaar", address=market.url, method="word", credentials={"word": "sesame"}
    )
    work()
    return made


def test_the_page_offers_it_and_its_form_connects_it(sign_in: SignIn, market: Market) -> None:
    admin = sign_in("integrations.view", "integrations.manage")
    assert "Connect Bazaar" in admin.get("/connections").text
    typed = {"auth_method": "word", "address": market.url, "word": "sesame"}

    answer = admin.post("/connections/credentials/bazaar", data=typed)

    page = admin.get(answer.headers["Location"]).text
    assert "Market of Five" in page
    assert "Stock for the shop" not in page  # that is another system's


def test_everything_is_read_into_the_mirror(connection: Connection) -> None:
    run = ours(SyncRun)

    assert (run.state, run.rows_in) == ("succeeded", 5)
    kinds = db.session.scalars(select(ExternalRecord.kind).order_by(ExternalRecord.id)).all()
    assert kinds == ["thing", "thing", "note", "note", "rumour"]
    assert connection.last_synced_at is not None


def test_records_become_what_its_targets_say(connection: Connection) -> None:
    assert ours(Product, sku="B-1").name == "Kettle"
    assert HEARD == ["Market of Five: Good"]
    assert ours(RejectedRecord).reason == "It says nothing."
    waiting = select(ExternalRecord).where(ExternalRecord.projected_at.is_(None))
    assert db.session.scalars(waiting).all() == []
    assert connection.name == "Market of Five"


def test_its_pages_know_what_is_matched(sign_in: SignIn, connection: Connection) -> None:
    admin = sign_in("integrations.view", "integrations.manage")

    for page in ("matches", "fields/edit", "rejected", "outbox", "runs"):
        assert admin.get(f"/connections/{connection.id}/{page}").status_code == 200
    assert "Things" in admin.get(f"/connections/{connection.id}/fields/edit").text


def test_what_it_wants_to_follow_and_to_run_is_wired() -> None:
    made = wired(replace(WIRING, jobs={}), (*SYSTEMS, BAZAAR))

    assert made.jobs[MirrorChanged] == [jobs.apply_changes]
    assert BAZAAR.slice.schedule["haggle"].label == "Haggle"


def test_one_that_sells_is_a_sales_channel_and_no_other_is(app: Flask, market: Market) -> None:
    customer = CustomerFactory.create()
    with pytest.raises(Invalid, match="There is no sales channel bazaar"):
        create_order(customer_id=customer.id, channel="bazaar")

    register(app, (*SYSTEMS, replace(BAZAAR, sells=True)))
    order = create_order(customer_id=customer.id, channel="bazaar", channel_account="five")

    assert channels()["bazaar"] == "Bazaar"
    assert ours(SalesOrder, channel="bazaar").id == order.id


def test_an_order_outlives_the_system_that_it_came_from(
    app: Flask, market: Market, sign_in: SignIn
) -> None:
    register(app, (*SYSTEMS, replace(BAZAAR, sells=True)))
    order = create_order(customer_id=CustomerFactory.create().id, channel="bazaar")

    register(app, SYSTEMS)

    assert "bazaar" not in channels()
    assert sign_in("orders.view").get(f"/orders/{order.id}").status_code == 200


def test_the_wiring_loads_each_system_by_its_name() -> None:
    assert load_systems("magento") == (SYSTEMS[1],)
    assert [one.name for one in SYSTEMS] == ["quickbooks", "magento", "stripe", "amazon"]
