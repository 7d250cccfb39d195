"""What the hub can do for systems unlike each other: a depot made on the spot shows each.

Its ledger has no keys and comes as a report that is made, polled and fetched from another host;
its mail has no count, and names the next page in a header.
"""

# ruff: noqa: ARG002  (as of the bazaar)

import gzip
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from flask import Flask, Response, abort, jsonify, request
from sqlalchemy import select

from app.core.broker import broker
from app.core.db import db
from app.integrations.hub.blobs import fetch_blob
from app.integrations.hub.client import Client
from app.integrations.hub.connector import (
    FORM,
    RAW,
    Answer,
    Batch,
    Page,
    Request,
    Stream,
    Write,
    no_key,
)
from app.integrations.hub.decoding import unpacked
from app.integrations.hub.errors import NotReady, NotUnderstood, Rejected
from app.integrations.hub.http import _moment
from app.integrations.hub.limiter import Rate
from app.integrations.hub.models import Connection
from app.integrations.inbound.targets import BulkTarget, IncomingRecord
from app.integrations.services.credentials import connect_with_credentials
from app.integrations.sync.models import ExternalRecord, SyncRun
from app.integrations.sync.services import start_sync
from app.integrations.system import System, register
from app.wiring import SYSTEMS
from tests.integrations.conftest import again, work
from tests.integrations.test_systems import Bazaar
from tests.standins.serving import Served

pytestmark = pytest.mark.committed

DAY = "2026-11-01"
SOON = timedelta(seconds=-1)  # it may be asked about again at once


class Depot(Bazaar):
    """It makes reports, and has neither counts nor, of its ledger, keys."""

    system = "depot"
    label = "Depot"
    rates: ClassVar[Mapping[str, Rate]] = {"make": Rate(5_000, 5_000)}
    streams = (
        Stream(
            kind="ledger", label="Ledger rows", key=no_key,
            changed_at=lambda _record: None, is_gone=lambda _record: False,
        ),
        Stream(
            kind="mail", label="Mails", key=lambda record: str(record["id"]),
            changed_at=lambda _record: None, is_gone=lambda _record: False,
        ),
    )  # fmt: skip

    def count_request(self, account: str, kind: str) -> Request | None:  # type: ignore[override]
        return None

    def page_request(  # type: ignore[override]
        self, account: str, kind: str, position: str | None, *, since: datetime | None = None
    ) -> Request | Write:
        if kind == "mail":
            return Request("/mail", {"page": position or "1"})
        what, _, which = (position or "").partition(" ")
        if what == "report":
            return Request(f"/reports/{which}", {})
        if what == "file":
            return Request(which, {}, shape=RAW, is_elsewhere=True)
        return Write("/reports", {"type": "ledger"}, media_type=FORM, operation="make")

    def parse_page(self, kind: str, position: str | None, answer: Answer) -> Page:
        if kind == "mail":
            return Page(Batch(kind, answer.body), answer.headers.get("x-next"), answer.at)
        what = (position or "").partition(" ")[0]
        if what == "report" and answer.body["state"] != "done":
            raise NotReady(datetime.now(UTC) + SOON, "The report is being made.")
        if what == "file":
            lines = unpacked(answer.body).decode("cp1252").splitlines()
            return Page(Batch(kind, [{"row": line} for line in lines], range=DAY), None)
        place = answer.body.get("url")
        return Page(
            Batch(kind, []), f"file {place}" if place else f"report {answer.body['id']}"
        )


class Heard(BulkTarget):
    """Rows of a ledger become nothing of the catalogue."""

    def write(
        self, connection: Connection, incoming: Sequence[IncomingRecord]
    ) -> Sequence[Any]:
        ROWS.extend((one.external_id, one.values["row"], one.is_gone) for one in incoming)
        return ()


ROWS: list[tuple[str, str, bool]] = []
DEPOT = System(connector=Depot(), targets=(Heard(kind="ledger", read=dict),))


class Elsewhere(Served):
    """A host of files that knows nobody."""

    def __init__(self) -> None:
        self.rows = ["paid\t5", "paid\t5", "caf\xe9\t1"]  # two that are equal are two
        self.asked: list[dict[str, str]] = []
        self.status = 200

    def application(self) -> Flask:
        web = Flask("elsewhere")

        @web.get("/ledger")
        def ledger() -> Response:
            self.asked.append(dict(request.headers))
            packed = gzip.compress("\n".join(self.rows).encode("cp1252"))
            return Response(packed, self.status, mimetype="application/octet-stream")

        return web


class Store(Served):
    """The depot itself."""

    def __init__(self, elsewhere: Elsewhere) -> None:
        self.elsewhere = elsewhere
        self.asked: list[str] = []
        self.polls, self.mails, self.trouble = 0, [[{"id": 1}], [{"id": 2}]], 0

    def application(self) -> Flask:
        web = Flask("depot")
        web.before_request(self.refuse_strangers)
        web.add_url_rule("/name", view_func=lambda: jsonify("Depot"), endpoint="name")
        web.add_url_rule("/reports", view_func=self.make, methods=["POST"])
        web.add_url_rule("/upload", view_func=self.upload, methods=["POST"])
        web.add_url_rule("/reports/<name>", view_func=self.report)
        web.add_url_rule("/mail", view_func=self.mail)
        web.add_url_rule("/picture", view_func=self.picture)
        return web

    def refuse_strangers(self) -> None:
        self.asked.append(f"{request.method} {request.full_path.rstrip('?')}")
        if request.headers.get("Authorization") != "Bearer sesame":
            abort(401)

    def make(self) -> tuple[Response, int]:
        self.polls = 0
        return jsonify(id=f"of-{request.form['type']}"), 202

    def report(self, name: str) -> Response:
        self.polls += 1
        if self.polls == 1:
            return jsonify(id=name, state="in progress")
        return jsonify(id=name, state="done", url=f"{self.elsewhere.url}/ledger")

    def mail(self) -> Response:
        page = int(request.args["page"])
        if self.trouble and page > 1:
            self.trouble -= 1
            abort(503)
        answer = jsonify(self.mails[page - 1])
        if page < len(self.mails):
            answer.headers["X-Next"] = str(page + 1)
        return answer

    def upload(self) -> Response:
        return jsonify([request.content_type, request.get_data(as_text=True)])

    def picture(self) -> Response:
        return Response(b"\x89PNG", mimetype="image/png")


@pytest.fixture
def store(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr("app.integrations.hub.http.PAUSES", (0.01, 0.01))
    ROWS.clear()
    register(app, (*SYSTEMS, DEPOT))
    with Elsewhere().running() as elsewhere, Store(elsewhere).running() as store:
        yield store
    register(app, SYSTEMS)


@pytest.fixture
def connection(store: Store) -> Connection:
    made = connect_with_credentials(
        "depot", address=store.url, method="word", credentials={"word": "sesame"}
    )
    finish()
    return made


def finish() -> None:
    """Work until a report is made: each time it is not, its job waits a moment."""
    for _ in range(3):
        work()


def ledger() -> list[tuple[str, str, bool]]:
    rows = select(ExternalRecord).where(ExternalRecord.kind == "ledger")
    fresh = rows.order_by(ExternalRecord.external_id).execution_options(populate_existing=True)
    return [
        (one.external_id, one.payload["row"], one.gone_at is not None)
        for one in db.session.scalars(fresh)
    ]


def test_a_report_is_made_once_polled_and_fetched_where_nobody_knows_us(
    store: Store, connection: Connection
) -> None:
    run = db.session.scalars(select(SyncRun)).one()
    assert (again(run).state, again(run).problem) == ("succeeded", None)

    assert store.asked.count("POST /reports") == 1
    assert store.asked.count("GET /reports/of-ledger") == 2
    [headers] = store.elsewhere.asked
    assert not {"Authorization", "Cookie"} & set(headers)
    assert ledger() == [
        (f"{DAY}#0000001", "paid\t5", False),
        (f"{DAY}#0000002", "paid\t5", False),
        (f"{DAY}#0000003", "caf\xe9\t1", False),
    ]
    assert len(ROWS) == 3
    pace = {key.decode() for key in broker().keys("limit:*")}  # type: ignore[union-attr]
    assert f"limit:{connection.id}:make" in pace


def test_a_range_takes_the_place_of_what_was_known_of_it(
    store: Store, connection: Connection
) -> None:
    store.elsewhere.rows = ["paid\t5", "returned\t1"]

    run = start_sync(connection.id, mode="changes", cause="person")
    finish()

    assert (again(run).state, again(run).rows_changed, again(run).rows_gone) == (
        "succeeded",
        1,
        1,
    )
    assert [row[1:] for row in ledger()] == [
        ("paid\t5", False), ("returned\t1", False), ("caf\xe9\t1", True),
    ]  # fmt: skip
    assert ROWS[3:] == [
        (f"{DAY}#0000002", "returned\t1", False), (f"{DAY}#0000003", "caf\xe9\t1", True),
    ]  # fmt: skip


def test_a_file_that_is_gone_elsewhere_is_refused_and_made_anew_the_next_time(
    store: Store, connection: Connection
) -> None:
    store.elsewhere.status = 403
    run = start_sync(connection.id, mode="changes", cause="person")
    finish()
    assert again(run).problem == "Ledger rows: A file of Depot cannot be fetched (HTTP 403)."

    store.elsewhere.status = 200
    run = start_sync(connection.id, mode="changes", cause="person")
    finish()

    assert again(run).state == "succeeded"
    assert store.asked.count("POST /reports") == 3


def test_a_pass_over_changes_goes_on_at_its_page(store: Store, connection: Connection) -> None:
    store.mails.append([{"id": 3}])
    store.asked.clear()
    store.trouble = 9  # each of three passes asks three times
    run = start_sync(connection.id, mode="changes", cause="person")
    finish()
    assert again(run).state == "waiting"

    start_sync(connection.id, mode="changes", cause="person")
    finish()

    assert again(run).state == "succeeded"
    assert store.asked.count("GET /mail?page=1") == 1
    assert store.asked.count("GET /mail?page=3") == 1
    found = select(ExternalRecord.external_id).where(ExternalRecord.kind == "mail")
    assert sorted(db.session.scalars(found)) == ["1", "2", "3"]


def test_a_body_is_written_as_its_media_type_says_and_a_file_is_kept(
    store: Store, connection: Connection
) -> None:
    client = Client(connection)

    xml = client.send(Write("/upload", b"<order/>", media_type="text/xml"))
    kept = fetch_blob(client, Request("/picture", {}), name="a.png", permission="products.view")

    assert xml.body == ["text/xml", "<order/>"]
    assert (kept.content, kept.content_type, kept.size) == (b"\x89PNG", "image/png", 4)


def test_a_clock_that_names_no_zone_is_of_gmt() -> None:
    at = datetime(2026, 12, 1, 14, 39, 27, tzinfo=UTC)

    assert _moment("Tue, 01 Dec 2026 14:39:27 -0000") == at
    assert _moment("Tue, 01 Dec 2026 14:39:27 GMT, Tue, 01 Dec 2026 14:39:27 GMT") == at
    assert _moment("noon") is None


def test_a_packed_file_has_a_largest_size() -> None:
    bomb = gzip.compress(b"0" * 100_000)

    assert unpacked(b"plain") == b"plain"
    with pytest.raises(NotUnderstood, match="larger"):
        unpacked(bomb, most=1000)
    with pytest.raises(NotUnderstood, match="broken"):
        unpacked(bomb[:50])


def test_a_file_is_not_fetched_in_the_open(store: Store, connection: Connection) -> None:
    client = Client(connection)
    client._http._base = "https://depot.example.com"

    with pytest.raises(Rejected, match="not encrypted"):
        client.fetch(Request("http://elsewhere.example.com", {}, is_elsewhere=True), bool)
