"""Background work, as people and programs see it."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.jobs import JobRun
from app.core.jobs.events import JobChanged
from app.core.jobs.live import show_run
from tests.conftest import SignIn, client_of
from tests.core.conftest import Bearer
from tests.core.samples import LONG_AGO, counts, stored
from tests.factories import UserFactory

HTMX = {"HX-Request": "true"}


def failed(**values: Any) -> JobRun:
    return stored(state="failed", finished_at=LONG_AGO, error="Out of paper.", **values)


def test_the_list_shows_the_jobs_of_everybody(sign_in: SignIn) -> None:
    stored(label="Import products", actor="Ana")

    page = sign_in("jobs.view").get("/jobs").text

    assert "Import products" in page
    assert "Ana" in page


def test_without_permission_people_see_their_own_jobs(app: Flask) -> None:
    user = UserFactory.create()
    mine = stored(label="My import", actor_id=user.id)
    other = stored(label="Their import")
    client = client_of(app, user)

    page = client.get("/jobs").text

    assert "My import" in page
    assert "Their import" not in page
    assert client.get(f"/jobs/{mine.id}").status_code == 200
    assert client.get(f"/jobs/{other.id}").status_code == 404


def test_the_list_is_filtered_by_state_text_and_person(sign_in: SignIn) -> None:
    stored(label="Import products", state="failed")
    stored(label="Print labels", state="succeeded")
    client = sign_in("jobs.view")

    assert "Print" not in client.get("/jobs?state=failed", headers=HTMX).text
    assert "Import" not in client.get("/jobs?search=LABEL", headers=HTMX).text
    assert "No jobs here" in client.get("/jobs?mine=1", headers=HTMX).text


def test_the_list_asks_as_often_however_long_it_is(sign_in: SignIn, queries: list[str]) -> None:
    client = sign_in("jobs.view")
    stored()
    client.get("/jobs")
    few = len(queries)
    for _ in range(20):
        stored()
    queries.clear()

    client.get("/jobs")

    assert len(queries) == few


def test_a_job_shows_how_it_ended_and_what_it_was_asked(sign_in: SignIn) -> None:
    run = stored(
        state="succeeded",
        done=5,
        total=5,
        arguments={"file_id": 7, "api_token": "hush"},
        result={
            "created": 4,
            "failed": 1,
            "error_file_url": "/files/9",
            "errors": [{"row": 3, "error": "Destroyed barcode"}],
        },
    )

    page = sign_in("jobs.view").get(f"/jobs/{run.id}").text

    assert "Succeeded" in page
    assert "Destroyed barcode" in page
    assert 'href="/files/9"' in page
    assert "hush" not in page


def test_a_failed_job_is_retried_from_its_page(sign_in: SignIn, session: Session) -> None:
    run = failed()
    client = sign_in("jobs.manage")
    assert "Out of paper." in client.get(f"/jobs/{run.id}").text

    response = client.post(f"/jobs/{run.id}/retries")

    assert response.status_code == 303
    session.refresh(run)
    assert run.state == "queued"


def test_a_job_that_has_succeeded_is_not_retried(sign_in: SignIn) -> None:
    run = stored(state="succeeded")

    response = sign_in("jobs.manage").post(f"/jobs/{run.id}/retries", headers=HTMX)

    assert response.status_code == 409
    assert "Only a job that failed" in response.text


def test_retrying_takes_a_permission(sign_in: SignIn) -> None:
    run = failed()

    assert sign_in("jobs.view").post(f"/jobs/{run.id}/retries").status_code == 403


def test_people_cancel_their_own_jobs(app: Flask, session: Session) -> None:
    user = UserFactory.create()
    run = stored(actor_id=user.id)

    response = client_of(app, user).post(f"/jobs/{run.id}/cancellations", headers=HTMX)

    assert response.status_code == 204
    session.refresh(run)
    assert run.state == "cancelled"


def test_people_do_not_cancel_jobs_of_others(sign_in: SignIn) -> None:
    run = stored()

    assert sign_in("jobs.view").post(f"/jobs/{run.id}/cancellations").status_code == 403


def test_a_running_job_says_that_it_will_stop(sign_in: SignIn) -> None:
    run = stored(state="running", attempts=1)
    client = sign_in("jobs.manage")

    client.post(f"/jobs/{run.id}/cancellations")

    page = client.get(f"/jobs/{run.id}", headers=HTMX).text
    assert "It stops at the next opportunity." in page


def test_open_pages_hear_how_far_a_job_is(app: Flask) -> None:
    user = UserFactory.create()
    run = stored(state="running", done=40, total=100, actor_id=user.id)

    fragments = show_run(JobChanged(run_id=run.id))

    assert [fragment.topic for fragment in fragments] == ["jobs", f"user:{user.id}"]
    assert "40 of 100" in fragments[0].html
    assert "-news" not in fragments[0].html


def test_open_pages_fetch_a_job_that_ended(app: Flask) -> None:
    run = failed()

    assert f'id="job-{run.id}-news"' in show_run(JobChanged(run_id=run.id))[0].html


def test_nobody_hears_of_a_job_that_is_gone(app: Flask) -> None:
    assert show_run(JobChanged(run_id=1)) == []


def test_programs_list_jobs(bearer: Bearer) -> None:
    run = stored(state="running", done=2, total=8)
    stored(state="queued")

    answer = bearer("jobs.view").get("/api/v1/jobs?state=running&kind=counts").json

    assert answer["total"] == 1
    item = answer["items"][0]
    assert (item["id"], item["kind"], item["state"]) == (run.id, "counts", "running")
    assert item["progress"] == {"done": 2, "total": 8}


def test_programs_hear_of_their_own_job_only(bearer: Bearer) -> None:
    run = stored()

    assert bearer().get(f"/api/v1/jobs/{run.id}").status_code == 404
    assert bearer("jobs.view").get(f"/api/v1/jobs/{run.id}").json["id"] == run.id


def test_programs_retry_a_job(bearer: Bearer) -> None:
    answer = bearer("jobs.manage").post(f"/api/v1/jobs/{failed().id}/retry")

    assert (answer.status_code, answer.json["state"]) == (202, "queued")


def test_programs_cancel_a_job(bearer: Bearer) -> None:
    url = f"/api/v1/jobs/{stored().id}/cancel"
    assert bearer("jobs.view").post(url).status_code == 403

    answer = bearer("jobs.manage").post(url)

    assert (answer.status_code, answer.json["state"]) == (202, "cancelled")
    again = bearer("jobs.manage").post(url)
    assert (again.status_code, again.json["code"]) == (409, "wrong_state")


def test_programs_see_the_queues(bearer: Bearer) -> None:
    counts.enqueue(upto=1)
    failed()

    answer = bearer("jobs.view").get("/api/v1/jobs/status").json

    assert answer["states"] == {
        "queued": 1,
        "running": 0,
        "succeeded": 0,
        "failed": 1,
        "cancelled": 0,
    }
    assert answer["queues"]["interactive"] == 1
    assert answer["workers"] == 0


@pytest.mark.usefixtures("no_redis")
def test_the_queues_are_unavailable_without_redis(bearer: Bearer) -> None:
    answer = bearer("jobs.view").get("/api/v1/jobs/status")

    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")


def test_the_schedule_shows_what_runs_when(sign_in: SignIn) -> None:
    page = sign_in("jobs.manage").get("/schedule").text

    assert "Delete expired files" in page
    assert "10 2 * * *" in page


def test_the_schedule_is_changed_in_a_form(sign_in: SignIn) -> None:
    client = sign_in("jobs.manage")
    assert "10 2 * * *" in client.get("/schedule/delete-files/edit").text

    form = {"cron": "0 4 * * *", "is_enabled": "y", "version": 1}
    response = client.post("/schedule/delete-files", data=form)

    assert response.status_code == 303
    assert "0 4 * * *" in client.get("/schedule").text


@pytest.mark.parametrize("cron", ["", "never", "0 0 31 2 *"])
def test_a_time_that_does_not_fit_is_refused(sign_in: SignIn, cron: str) -> None:
    form = {"cron": cron, "version": 1}

    response = sign_in("jobs.manage").post("/schedule/delete-files", data=form, headers=HTMX)

    assert response.status_code == 422
    assert 'id="cron-error"' in response.text


def test_the_slower_of_two_planners_sees_both_times(sign_in: SignIn) -> None:
    client = sign_in("jobs.manage")
    client.post("/schedule/delete-files", data={"cron": "0 4 * * *", "version": 1})

    response = client.post("/schedule/delete-files", data={"cron": "0 5 * * *", "version": 1})

    assert response.status_code == 409
    assert "0 4 * * *" in response.text


def test_an_entry_is_run_at_once(sign_in: SignIn, session: Session) -> None:
    response = sign_in("jobs.manage").post("/schedule/forget-jobs/runs", headers=HTMX)

    assert response.status_code == 204
    assert session.query(JobRun).one().label == "Forget old jobs"


def test_there_is_no_entry_of_that_name(sign_in: SignIn) -> None:
    assert sign_in("jobs.manage").get("/schedule/nothing/edit").status_code == 404


@pytest.mark.parametrize("path", ["/schedule", "/schedule/delete-files/edit"])
def test_the_schedule_is_closed_to_others(sign_in: SignIn, path: str) -> None:
    assert sign_in("jobs.view").get(path).status_code == 403
