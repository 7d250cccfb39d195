"""Files of many rows: a job writes them, and who asked finds them on a page of her own."""

import csv
from io import StringIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core.db import db
from app.core.files import StoredFile
from app.core.jobs import JobRun
from app.core.jobs.runner import perform
from app.core.navigation import first_place
from app.core.pages import large_files
from app.planning.models import Cycle
from app.planning.services import spreadsheets
from app.planning.services.spreadsheets import writing
from app.sales import files
from tests.conftest import SignIn
from tests.imports.samples import csv_file
from tests.planning import conftest as planning
from tests.sales.samples import sold

HEADER = ("Invoice", "SKU", "Quantity", "Date", "Price", "Customer")
ROWS = [(str(number), f"P{number}", "1", "2026-03-05", "10", "C1") for number in range(5)]
team, goods, cycle, opened, ada = (
    *(planning.team, planning.goods, planning.cycle, planning.opened),
    planning.ada,
)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_files, "AT_ONCE", 3)
    monkeypatch.setattr(files, "AT_ONCE", 3)
    monkeypatch.setattr(writing, "MOST_AT_ONCE", 0)


def written(session: Session, answer: Any) -> tuple[JobRun, StoredFile]:
    """Do the job that an answer leads to; gives it, and its file."""
    assert answer.status_code == 303, answer.text
    run = session.query(JobRun).order_by(JobRun.id.desc()).first()
    assert run is not None
    assert answer.location == f"/jobs/{run.id}"
    perform(run.id)
    session.refresh(run)
    assert run.state == "succeeded", run.error
    assert run.result is not None
    number = int(run.result["file_url"].rpartition("/")[2])
    return run, db.session.get_one(StoredFile, number)


def test_many_lines_are_written_by_a_job_and_few_at_once(
    sign_in: SignIn, session: Session
) -> None:
    sold(content=csv_file([HEADER, *ROWS]))
    client = sign_in("sales.view")
    period = "from=2026-03-01&to=2026-03-31"

    run, file = written(session, client.get(f"/sales/lines?{period}&sort=date&file=csv"))
    few = client.get(f"/sales/lines?{period}&q=P3&search=P3&file=csv")

    lines = [*csv.reader(StringIO(file.content.decode("utf-8-sig")))]
    assert lines[0][0] == "Document"
    assert sorted(line[0] for line in lines[1:]) == ["0", "1", "2", "3", "4"]
    assert (run.done, run.total) == (5, 5)
    assert few.status_code == 200


def test_who_asked_finds_it_without_seeing_the_jobs_of_others(
    sign_in: SignIn, session: Session
) -> None:
    sold(content=csv_file([HEADER, *ROWS]))
    client = sign_in("sales.view")
    run, file = written(session, client.get("/sales/lines?from=2026-03-01&file=xlsx"))

    listed = client.get("/jobs").text
    page = client.get(f"/jobs/{run.id}").text

    assert "My jobs" in listed  # in the side bar
    assert "Write a file" in listed
    assert file.url in page
    assert client.get(file.url).status_code == 200
    other = sign_in("orders.view")
    assert "Write a file" not in other.get("/jobs").text
    assert other.get(f"/jobs/{run.id}").status_code == 404
    assert other.get(file.url).status_code in (403, 404)


def test_a_pivot_of_many_cells_is_written_by_a_job(sign_in: SignIn, session: Session) -> None:
    sold(content=csv_file([HEADER, *ROWS]))
    client = sign_in("sales.view")

    asked = "/sales?rows=product&across=month&from=2026-03-01&to=2026-03-31&file=csv"
    _run, file = written(session, client.get(asked))

    lines = [*csv.reader(StringIO(file.content.decode("utf-8-sig")))]
    assert lines[0][:3] == ["Product", "Name", "2026-03"]
    assert len(lines) == 6


def test_a_large_forecast_is_written_for_its_rep_alone(
    ada: FlaskClient, opened: Cycle, session: Session
) -> None:
    answer = ada.get(f"/planning/cycles/{opened.id}/grid/file")

    run, file = written(session, answer)

    assert run.arguments["rep_id"] is not None
    told = spreadsheets.read_file(file.content, rep_id=run.arguments["rep_id"])
    assert told.changes == []
    assert ada.get(file.url).status_code == 200


def test_nobody_begins_at_the_page_of_her_own_jobs(sign_in: SignIn) -> None:
    client = sign_in()

    with client:
        page = client.get("/jobs")
        assert first_place() is None

    assert "My jobs" in page.text
