"""Something done to many rows: a question, a job, a report."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.db import db
from app.core.jobs import JobRun, report_progress
from app.core.jobs.runner import perform
from app.core.jobs.services import cancel_run
from app.core.pages.bulk import jobs as bulk_jobs
from tests.core.conftest import ShelfClient
from tests.core.samples import stored

HTMX = {"HX-Request": "true"}

NOTE = "/lists/shelf/actions/note"


@pytest.fixture
def client(shelf_client: ShelfClient) -> FlaskClient:
    return shelf_client("shelf.view", "shelf.edit")


def begun(client: FlaskClient, path: str = NOTE, **data: object) -> JobRun:
    """Confirm an action, and give the job that does it."""
    answer = client.post(path, data={"confirmed": "1", **data})
    assert answer.status_code == 303, answer.text
    return db.session.get_one(JobRun, int(answer.location.rpartition("/")[2]))


def done(app: Flask, run: JobRun) -> JobRun:
    with app.app_context():
        perform(run.id)
    db.session.expire_all()
    return db.session.get_one(JobRun, run.id)


def notes(*runs: JobRun) -> list[str | None]:
    db.session.expire_all()
    return [db.session.get_one(JobRun, run.id).error for run in runs]


def test_it_asks_first_and_says_how_many(client: FlaskClient) -> None:
    boxes = [stored(label=label) for label in "ab"]

    page = client.post(NOTE, data={"ids": [str(box.id) for box in boxes], "state": ""})

    assert "Note 2 boxes?" in page.text
    assert page.text.count('name="ids"') == 2
    assert notes(*boxes) == [None, None]


def test_in_a_dialog_it_is_only_the_question(client: FlaskClient) -> None:
    page = client.post(NOTE, data={"ids": str(stored().id)}, headers=HTMX)

    assert "<html" not in page.text
    assert "Note 1 box?" in page.text


def test_confirmed_a_job_does_it_and_reports(shelf_app: Flask, client: FlaskClient) -> None:
    paper, glass = stored(label="paper"), stored(label="glass")

    run = begun(client, ids=[str(paper.id), str(glass.id), "987654"], note="hello")
    run = done(shelf_app, run)

    assert (run.state, run.label) == ("succeeded", "Note: 3 boxes")
    assert notes(paper, glass) == ["hello", None]
    assert run.result == {
        "done": 1,
        "refused": 2,
        "errors": [
            {"record": "glass", "reason": "glass breaks."},
            {"record": "Number 987654", "reason": bulk_jobs.GONE},
        ],
    }
    page = client.get(f"/jobs/{run.id}").text
    assert "glass breaks." in page
    assert "1 box done, 2 refused." in page
    assert "apply_action" not in page
    assert f"{run.arguments['ids']}" not in page
    assert re.search(r"<dt>Note</dt>\s*<dd>\s*hello", page)


def test_all_that_match_are_meant_by_their_filters(
    shelf_app: Flask, client: FlaskClient
) -> None:
    boxes = [stored(label=f"crate {number}", state="queued") for number in range(3)]
    other = stored(label="crate 4", state="failed")

    matching = {"all": "1", "state": "state=queued&search=crate", "note": "hello"}
    run = done(shelf_app, begun(client, **matching))

    assert run.result == {"done": 3, "refused": 0}
    assert run.arguments["ids"] is None
    assert "all boxes" in client.get(f"/jobs/{run.id}").text
    assert notes(*boxes, other) == ["hello", "hello", "hello", None]


def test_many_are_done_some_at_a_time(
    shelf_app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.core.pages.bulk.selections.AT_ONCE", 2)
    for number in range(5):
        stored(label=f"crate {number}")

    run = done(shelf_app, begun(client, all="1", state="search=crate"))

    assert run.result == {"done": 5, "refused": 0}
    assert (run.done, run.total) == (5, 5)


def test_it_stops_when_it_is_cancelled(
    shelf_app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    boxes = [stored(label=f"crate {number}") for number in range(3)]
    run = begun(client, ids=[str(box.id) for box in boxes], note="hello")
    told: list[int] = []

    def cancelling(finished: int, total: int) -> None:
        told.append(finished)
        if finished == 1:
            cancel_run(run.id)
        report_progress(finished, total)

    monkeypatch.setattr(bulk_jobs, "report_progress", cancelling)

    assert done(shelf_app, run).state == "cancelled"
    assert told == [0, 1]
    assert notes(*boxes) == ["hello", None, None]


def test_what_is_one_thing_of_many_is_done_at_once(
    shelf_app: Flask, client: FlaskClient
) -> None:
    boxes = [stored(label=label) for label in "ab"]
    ids = [box.id for box in boxes]

    run = begun(client, "/lists/shelf/actions/count", ids=[*map(str, ids), "987654"])
    run = done(shelf_app, run)

    assert run.result is not None
    assert run.result["ids"] == ids
    assert run.result["refused"] == 1


def test_an_action_may_lead_to_a_page(client: FlaskClient) -> None:
    box = stored()
    path = "/lists/shelf/actions/go"

    browser = client.post(path, data={"ids": str(box.id), "state": "state=failed"})
    htmx = client.post(path, data={"all": "1", "state": "state=failed"}, headers=HTMX)

    assert browser.location == f"/somewhere/{box.id}/failed"
    assert htmx.headers["HX-Redirect"] == "/somewhere/None/failed"


@pytest.mark.parametrize("path", [NOTE, "/lists/shelf/actions/go"])
@pytest.mark.parametrize("data", [{}, {"ids": "x"}, {"confirmed": "1"}])
def test_nothing_selected_is_refused(
    client: FlaskClient, path: str, data: dict[str, str]
) -> None:
    answer = client.post(path, data=data)

    assert answer.status_code == 422
    assert "Select some rows first." in answer.text
    assert db.session.scalars(select(JobRun)).all() == []


def test_it_takes_the_permissions_of_the_action_and_of_the_list(
    shelf_client: ShelfClient,
) -> None:
    box = stored()
    for permissions in [("shelf.view",), ("shelf.edit",)]:
        answer = shelf_client(*permissions).post(NOTE, data={"ids": str(box.id)})
        assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/lists/shelf/actions/burn", "/lists/attic/actions/note"])
def test_what_there_is_not_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.post(path, data={"ids": "1"}).status_code == 404


def test_rows_are_selectable_only_for_whom_there_is_an_action(
    shelf_client: ShelfClient, client: FlaskClient
) -> None:
    stored(label="paper")

    assert 'aria-label="Select paper"' in client.get("/shelf").text
    assert "Select paper" not in shelf_client("shelf.view").get("/shelf").text
