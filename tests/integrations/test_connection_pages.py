"""Pages of connections: what they show, what they ask, and whom they let do it."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.catalog import services as catalog
from app.catalog.models import Customer
from app.core.db import transaction
from app.integrations.hub.events import ConnectionChanged
from app.integrations.hub.models import Connection, SystemApp
from app.integrations.inbound.models import RecordLink
from app.integrations.live import show_connection
from app.integrations.sync.models import RejectedRecord, SyncRun
from tests.bulk import act
from tests.conftest import SignIn
from tests.integrations.conftest import Sync, again, ours, work
from tests.standins.quickbooks import QuickBooks

HTMX = {"HX-Request": "true"}
APP = {"environment": "production", "client_id": "AB12", "client_secret": "hush-hush"}


@pytest.fixture
def admin(sign_in: SignIn) -> FlaskClient:
    return sign_in("integrations.view", "integrations.sync", "integrations.manage")


@pytest.fixture
def looker(sign_in: SignIn) -> FlaskClient:
    return sign_in("integrations.view")


def run_of(connection: Connection, **values: Any) -> SyncRun:
    with transaction() as session:
        run = SyncRun(connection_id=connection.id, mode="full", cause="person", **values)
        session.add(run)
    return run


def test_before_anything_is_set_up_the_page_says_what_to_do(admin: FlaskClient) -> None:
    page = admin.get("/connections").text

    assert "Set up QuickBooks" in page
    assert "Connect QuickBooks" not in page


def test_who_may_only_look_is_offered_nothing(
    looker: FlaskClient, connection: Connection
) -> None:
    pages = looker.get("/connections").text + looker.get(f"/connections/{connection.id}").text

    assert "Kitchen &amp; Co" in pages
    for offer in ("Sync now", "Disconnect", "Set up", "Which side wins"):
        assert offer not in pages


def test_a_set_up_is_kept_and_its_secrets_are_never_shown(
    session: Session, admin: FlaskClient
) -> None:
    answer = admin.post("/connections/apps/quickbooks", data=APP)

    assert answer.status_code == 303
    app = session.scalars(select(SystemApp)).one()
    assert (app.client_secret, app.webhook_secret) == ("hush-hush", None)
    page = admin.get("/connections/apps/quickbooks/edit").text
    assert "AB12" in page
    assert "hush-hush" not in page
    assert "http://localhost/callback" in page


def test_a_secret_that_is_left_empty_stays(session: Session, admin: FlaskClient) -> None:
    admin.post("/connections/apps/quickbooks", data=APP)

    admin.post(
        "/connections/apps/quickbooks",
        data={**APP, "client_secret": "", "client_id": "CD34", "version": "1"},
    )

    app = session.scalars(select(SystemApp)).one()
    session.refresh(app)
    assert (app.client_id, app.client_secret) == ("CD34", "hush-hush")


def test_the_secret_of_webhooks_can_be_forgotten(session: Session, admin: FlaskClient) -> None:
    edit = "/connections/apps/quickbooks/edit"
    admin.post("/connections/apps/quickbooks", data=APP)
    assert "Forget the verifier token" not in admin.get(edit).text
    again = {**APP, "client_secret": "", "version": "1"}
    admin.post("/connections/apps/quickbooks", data={**again, "webhook_secret": "whsec"})
    assert "Forget the verifier token" in admin.get(edit).text

    admin.post(
        "/connections/apps/quickbooks",
        data={**again, "version": "2", "webhook_secret": "", "forget_webhook_secret": "y"},
    )

    app = session.scalars(select(SystemApp)).one()
    session.refresh(app)
    assert (app.client_secret, app.webhook_secret) == ("hush-hush", None)


@pytest.mark.parametrize(
    "wrong", [{"client_id": ""}, {"client_secret": ""}, {"environment": "moon"}]
)
def test_a_set_up_that_does_not_fit_is_asked_again(
    session: Session, admin: FlaskClient, wrong: dict[str, str]
) -> None:
    answer = admin.post("/connections/apps/quickbooks", data=APP | wrong, headers=HTMX)

    assert answer.status_code == 422
    assert session.query(SystemApp).count() == 0


@pytest.mark.parametrize("path", ["/connections/apps/nobody/edit", "/connections/999"])
def test_what_is_not_there_is_not_found(admin: FlaskClient, path: str) -> None:
    assert admin.get(path).status_code == 404


@pytest.mark.parametrize(("mode", "ran"), [("", "full"), ("full", "full")])
def test_a_person_syncs_now(
    session: Session, admin: FlaskClient, connection: Connection, mode: str, ran: str
) -> None:
    answer = admin.post(
        f"/connections/{connection.id}/syncs", data={"mode": mode}, headers=HTMX
    )

    assert answer.status_code == 204
    run = session.scalars(select(SyncRun)).one()
    assert (run.mode, run.cause) == (ran, "person")


def test_two_clicks_make_one_sync(
    session: Session, admin: FlaskClient, connection: Connection
) -> None:
    for _ in range(2):
        admin.post(f"/connections/{connection.id}/syncs")

    assert session.query(SyncRun).count() == 1


def test_a_person_disconnects(
    session: Session, admin: FlaskClient, connection: Connection
) -> None:
    admin.post(f"/connections/{connection.id}/disconnection")

    session.refresh(connection)
    assert connection.state == "disconnected"
    page = admin.get("/connections").text
    assert "Connect QuickBooks" in page


def test_a_connection_that_is_over_cannot_be_synced(
    session: Session, admin: FlaskClient, connection: Connection
) -> None:
    connection.state = "disconnected"
    session.commit()

    assert admin.post(f"/connections/{connection.id}/syncs").status_code == 409


def test_the_page_shows_figures_syncs_and_what_waits(
    session: Session, admin: FlaskClient, connection: Connection, sync: Sync
) -> None:
    sync()
    session.add(
        RejectedRecord(connection_id=connection.id, kind="item", external_id="1", reason="Bad")
    )
    session.commit()

    page = admin.get(f"/connections/{connection.id}").text
    fragment = admin.get(f"/connections/{connection.id}", headers=HTMX).text

    assert "Succeeded" in page
    assert "1 record was" in page
    assert "<html" not in fragment
    assert "In the mirror" in fragment


def test_no_token_stands_on_any_page(
    admin: FlaskClient, connection: Connection, sync: Sync
) -> None:
    sync()
    at = f"/connections/{connection.id}"
    pages = "".join(
        admin.get(path).text for path in ("/connections", at, f"{at}/runs", f"{at}/rejected")
    )

    for secret in (connection.access_token, connection.refresh_token):
        assert secret
        assert secret not in pages


def test_a_sync_shows_its_log(admin: FlaskClient, connection: Connection, sync: Sync) -> None:
    run = sync()

    page = admin.get(f"/connections/{connection.id}/runs/{run.id}").text
    runs = admin.get(f"/connections/{connection.id}/runs", headers=HTMX).text

    assert "Items: all" in page
    assert "Succeeded" in runs


def test_a_sync_of_another_connection_is_not_found(
    session: Session, admin: FlaskClient, connection: Connection
) -> None:
    run = run_of(connection, state="succeeded")

    assert admin.get(f"/connections/{connection.id + 1}/runs/{run.id}").status_code == 404


@pytest.mark.parametrize("answer", ["confirmation", "dismissal"])
def test_what_a_sync_asks_is_answered(
    admin: FlaskClient, connection: Connection, answer: str
) -> None:
    run = run_of(connection, state="asking", deletions={})

    page = admin.get(f"/connections/{connection.id}/runs/{run.id}").text
    admin.post(f"/connections/{connection.id}/runs/{run.id}/{answer}")

    assert "They are gone" in page
    assert again(run).state == "succeeded"


def test_an_answer_that_nobody_asked_for_is_refused(
    admin: FlaskClient, connection: Connection
) -> None:
    run = run_of(connection, state="succeeded")

    answer = admin.post(f"/connections/{connection.id}/runs/{run.id}/confirmation")

    assert answer.status_code == 409


def test_a_sync_that_waits_is_stopped(
    session: Session, admin: FlaskClient, connection: Connection
) -> None:
    admin.post(f"/connections/{connection.id}/syncs")
    run = session.scalars(select(SyncRun)).one()

    admin.post(f"/connections/{connection.id}/runs/{run.id}/cancellation")

    assert again(run).state == "cancelled"


def test_a_sync_that_has_ended_cannot_be_stopped(
    admin: FlaskClient, connection: Connection, sync: Sync
) -> None:
    run = sync()
    stop = f"/connections/{connection.id}/runs/{run.id}/cancellation"

    page = admin.post(stop, follow_redirects=True).text

    assert "It had ended already." in page
    assert again(run).state == "succeeded"


def test_doubts_are_decided_in_bulk(
    session: Session,
    quickbooks: QuickBooks,
    admin: FlaskClient,
    connection: Connection,
    sync: Sync,
) -> None:
    mine = catalog.create_contact(Customer, name="Page Ltd", email="one@example.com")
    number = quickbooks.company.create(
        "Customer", DisplayName="Page Ltd", PrimaryEmailAddr={"Address": "two@example.com"}
    )
    sync()
    link = ours(RecordLink, kind="customer", external_id=number)
    at = f"/connections/{connection.id}/matches"

    page = admin.get(f"{at}?kind=customer").text
    act(admin, "matches/actions/same", [link.id], here=at)
    work()

    assert "two@example.com" in page
    assert "one@example.com" in page
    assert ours(Customer, id=mine.id).email == "two@example.com"
    quickbooks.company.vanish("Customer", number)


@pytest.mark.parametrize("action", ["same", "separate", "ignore"])
def test_a_decision_about_nothing_asks_to_select(
    admin: FlaskClient, connection: Connection, action: str
) -> None:
    data = {"here": f"/connections/{connection.id}/matches", "confirmed": "1"}

    assert admin.post(f"/lists/matches/actions/{action}", data=data).status_code == 422


def test_a_decision_that_is_none_is_not_found(admin: FlaskClient) -> None:
    assert admin.post("/lists/matches/actions/maybe", data={"ids": ["1"]}).status_code == 404


def test_nothing_to_decide_and_nothing_set_aside_say_so(
    admin: FlaskClient, connection: Connection
) -> None:
    assert "Nothing to decide." in admin.get(f"/connections/{connection.id}/matches").text
    assert "Nothing was rejected." in admin.get(f"/connections/{connection.id}/rejected").text


def test_records_set_aside_are_tried_again(
    session: Session, admin: FlaskClient, connection: Connection
) -> None:
    row = RejectedRecord(
        connection_id=connection.id, kind="item", external_id="", reason="No Id"
    )
    session.add(row)
    session.commit()

    at = f"/connections/{connection.id}/rejected"
    page = admin.get(at).text
    act(admin, "rejected-records/actions/retry", [row.id], here=at)

    session.refresh(row)
    assert "No Id" in page
    assert row.resolved_at is not None


def test_which_side_wins_is_chosen_by_field(
    session: Session, admin: FlaskClient, connection: Connection
) -> None:
    at = f"/connections/{connection.id}/fields"

    page = admin.get(f"{at}/edit").text
    answer = admin.post(at, data={"customer.email": "ours", "item.category": "ours"})

    session.refresh(connection)
    assert "Lead time" not in page
    assert answer.status_code == 303
    assert connection.field_precedence == {
        "customer.email": "ours"
    }  # the other one is as it was


def test_an_old_page_leaves_what_others_have_decided_since(
    session: Session, admin: FlaskClient, connection: Connection
) -> None:
    at = f"/connections/{connection.id}/fields"
    names = re.findall(r'name="(was\.[a-z_.]+)"', admin.get(f"{at}/edit").text)
    opened = {name.removeprefix("was."): "theirs" for name in names}
    was = dict.fromkeys(names, "theirs")
    admin.post(at, data=opened | was | {"customer.email": "ours"})

    admin.post(at, data=opened | was | {"customer.phone": "ours"})

    session.refresh(connection)
    assert connection.field_precedence == {"customer.email": "ours", "customer.phone": "ours"}


@pytest.mark.parametrize(
    ("data", "status"),
    [({}, 400), ({"customer.secret": "ours"}, 422), ({"item.name": "x"}, 422)],
)
def test_only_fields_there_are_have_a_side(
    admin: FlaskClient, connection: Connection, data: dict[str, str], status: int
) -> None:
    answer = admin.post(f"/connections/{connection.id}/fields", data=data)

    assert answer.status_code == status


def test_what_is_wrong_stands_above_everything(
    session: Session, admin: FlaskClient, connection: Connection
) -> None:
    connection.trouble("QuickBooks does not answer.")
    session.commit()

    for path in ("/connections", f"/connections/{connection.id}"):
        page = admin.get(path).text
        assert "QuickBooks does not answer." in page
        assert "Sync now" in page


def test_a_connection_that_needs_a_sign_in_offers_it(
    session: Session, admin: FlaskClient, connection: Connection
) -> None:
    connection.trouble("QuickBooks wants a new sign-in.", state="reconnect")
    session.commit()

    for path in ("/connections", f"/connections/{connection.id}"):
        page = admin.get(path).text
        assert "/connections/apps/quickbooks/sign-ins" in page
        assert "Sync now" not in page


@pytest.mark.parametrize("state", ["connected", "disconnected"])
def test_the_set_up_can_be_changed_at_any_time(
    session: Session, admin: FlaskClient, connection: Connection, state: str
) -> None:
    connection.state = state
    session.commit()

    assert "/connections/apps/quickbooks/edit" in admin.get("/connections").text


def test_disconnecting_asks_by_name(admin: FlaskClient, connection: Connection) -> None:
    page = admin.get(f"/connections/{connection.id}").text

    assert 'data-confirm="Disconnect Kitchen &amp; Co?' in page


def test_the_first_set_up_needs_a_secret(admin: FlaskClient) -> None:
    path = "/connections/apps/quickbooks/edit"
    first = admin.get(path, headers=HTMX).text
    admin.post("/connections/apps/quickbooks", data=APP)
    later = admin.get(path, headers=HTMX).text

    assert "<html" not in first
    assert secret_field(first).count("required") == 1
    assert secret_field(later).count("required") == 0
    assert "Leave it empty to keep the one there is." in later


def secret_field(page: str) -> str:
    """The tag of the field, which is the only one with this name."""
    [tag] = re.findall(r'<input [^>]*name="client_secret"[^>]*>', page)
    return str(tag)


@pytest.mark.parametrize("path", ["", "/runs"])
def test_htmx_receives_a_part_of_the_page(
    admin: FlaskClient, connection: Connection, path: str
) -> None:
    run_of(connection, state="succeeded")

    response = admin.get(f"/connections/{connection.id}{path}", headers=HTMX)

    assert "<html" not in response.text
    assert "Succeeded" in response.text


def test_a_sync_under_way_can_be_stopped_by_who_may(
    sign_in: SignIn, admin: FlaskClient, connection: Connection
) -> None:
    run = run_of(connection, state="running", rows_in=5, expected=10)
    at = f"/connections/{connection.id}/runs/{run.id}"

    page, seen = admin.get(at).text, sign_in("integrations.view").get(at).text

    assert f'action="{at}/cancellation"' in page
    assert "5 of 10" in page
    assert "cancellation" not in seen


def test_what_a_sync_asks_is_no_question_to_who_may_only_look(
    looker: FlaskClient, connection: Connection
) -> None:
    run = run_of(connection, state="asking", deletions={}, problem="12 items have vanished.")

    page = looker.get(f"/connections/{connection.id}/runs/{run.id}").text

    assert "12 items have vanished." in page
    assert "They are gone" not in page


def test_the_log_is_in_the_time_of_the_person(
    session: Session, admin: FlaskClient, connection: Connection
) -> None:
    log = [{"at": "2026-01-31T23:30:00+00:00", "text": "Begins"}]
    run = run_of(connection, state="succeeded", log=log)
    session.execute(update(User).values(time_zone="Asia/Tokyo"))
    session.commit()

    page = admin.get(f"/connections/{connection.id}/runs/{run.id}").text

    assert "2026-02-01 08:30:00" in page


def test_pages_of_connections_are_closed_without_the_permission(
    sign_in: SignIn, connection: Connection
) -> None:
    run = run_of(connection, state="asking", deletions={})
    at = f"/connections/{connection.id}"
    stranger, looker = sign_in(), sign_in("integrations.view")

    for path in ["/connections", at, f"{at}/runs", f"{at}/runs/{run.id}"]:
        assert stranger.get(path).status_code == 403
    assert looker.get("/connections/apps/quickbooks/edit").status_code == 403
    assert looker.get("/callback?code=a&state=b").status_code == 403
    for path in [
        "/connections/apps/quickbooks",
        "/connections/apps/quickbooks/sign-ins",
        f"{at}/syncs",
        f"{at}/disconnection",
        f"{at}/runs/{run.id}/cancellation",
        f"{at}/runs/{run.id}/confirmation",
        f"{at}/runs/{run.id}/dismissal",
    ]:
        assert looker.post(path).status_code == 403


@pytest.mark.parametrize("answer", ["cancellation", "confirmation", "dismissal"])
def test_a_sync_of_another_connection_cannot_be_answered(
    admin: FlaskClient, connection: Connection, answer: str
) -> None:
    run = run_of(connection, state="asking", deletions={})
    at = f"/connections/{connection.id + 1}/runs/{run.id}"

    assert admin.post(f"{at}/{answer}").status_code == 404
    assert again(run).state == "asking"


def test_a_longer_list_of_syncs_takes_no_more_queries(
    admin: FlaskClient, connection: Connection, queries: list[str]
) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            run_of(connection, state="succeeded")
        queries.clear()
        admin.get(f"/connections/{connection.id}/runs")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_news_of_a_connection_let_its_pages_ask_again(connection: Connection) -> None:
    fragment = show_connection(ConnectionChanged(connection_id=connection.id))

    assert fragment.topic == "connections"
    assert 'id="connections-news"' in fragment.html
    assert 'data-news="#record, #results"' in fragment.html


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("part", ["matches", "rejected", "outbox", "runs"])
def test_a_file_of_a_connection_that_is_not_there_is_not_found(
    admin: FlaskClient, part: str, form: str
) -> None:
    answer = admin.get(f"/connections/404/{part}?file={form}")

    assert answer.status_code == 404
    assert b"".join(answer.iter_encoded())  # nothing breaks after the answer has begun
