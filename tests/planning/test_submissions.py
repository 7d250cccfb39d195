"""Reps hand in, planners decide; reminders go to who is late."""

from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import DomainError, Invalid
from app.core.jobs import JobRun, runner
from app.planning import services
from app.planning.errors import ForecastIncomplete
from app.planning.models import Baseline, Cycle, ScopeRow, Snapshot, Submission
from tests.mailbox import Mailbox
from tests.planning.conftest import Team, edit


@pytest.fixture
def mine(session: Session, opened: Cycle, team: Team) -> Submission:
    of_ada = Submission.user_id == team.ada.id
    return session.scalars(select(Submission).where(of_ada)).one()


@pytest.fixture
def row(session: Session, mine: Submission) -> ScopeRow:
    """Ada's, with a baseline of ten a month."""
    row = session.scalars(select(ScopeRow).where(ScopeRow.user_id == mine.user_id)).one()
    ten = [Decimal(10)] * 3
    session.add(
        Baseline(scope_id=row.id, method="mean", reason="x", quantities=ten, low=ten, high=ten)
    )
    session.commit()
    return row


def test_a_rep_submits_is_returned_and_approved(
    session: Session, ada: FlaskClient, pat: FlaskClient, mine: Submission, row: ScopeRow
) -> None:
    at = f"/planning/submissions/{mine.id}"
    services.save_cells(mine.cycle_id, [edit(row, 11)], rep_id=row.user_id)

    ada.post(f"{at}/submissions", data={})
    session.refresh(mine)
    assert mine.status == "submitted"
    assert ada.post(f"{at}/approvals").status_code == 403
    pat.post(f"{at}/returns", data={"reason": "Too little"})
    assert "Too little" in ada.get(f"/planning/cycles/{mine.cycle_id}").text
    services.save_cells(mine.cycle_id, [edit(row, 12, version=1)], rep_id=row.user_id)
    ada.post(f"{at}/submissions", data={})
    pat.post(f"{at}/approvals")
    session.refresh(mine)

    assert (mine.status, mine.reason) == ("approved", "")
    kept = select(Snapshot.quantities).where(Snapshot.stage == "submitted")
    assert [one[0] for one in session.scalars(kept.order_by(Snapshot.id))] == [11, 12]


def test_what_lies_far_off_needs_a_reason(mine: Submission, row: ScopeRow) -> None:
    services.save_cells(mine.cycle_id, [edit(row, 13)], rep_id=None)

    with pytest.raises(ForecastIncomplete, match="1 cell lies far off"):
        services.submit_forecast(mine.id)
    explained = edit(row, 13, version=1, reason="A fair")
    services.save_cells(mine.cycle_id, [explained], rep_id=None)
    assert services.submit_forecast(mine.id).status == "submitted"


def test_blanks_are_asked_about(
    session: Session, ada: FlaskClient, opened: Cycle, mine: Submission
) -> None:
    at = f"/planning/submissions/{mine.id}/submissions"
    answer = ada.post(at, data={})

    assert answer.status_code == 422
    assert "3 cells are blank" in answer.text
    ada.post(at, data={"accepts_blanks": "y"})
    session.refresh(mine)
    assert mine.status == "submitted"


def test_only_what_is_handed_in_is_decided(mine: Submission) -> None:
    with pytest.raises(DomainError, match="not handed in"):
        services.approve_submission(mine.id)
    with pytest.raises(Invalid):
        services.return_submission(mine.id, reason=" ")


def test_the_late_are_reminded_and_a_test_comes_to_oneself(
    app: Flask, session: Session, pat: FlaskClient, opened: Cycle, mine: Submission, team: Team
) -> None:
    services.submit_forecast(mine.id, accepts_blanks=True)
    text = {"reminder_subject": "Due {due}", "reminder_text": "Dear {name}: {link}"}
    changed = pat.post(
        f"/planning/cycles/{opened.id}/reminder", data={**text, "version": opened.version}
    )
    with Mailbox() as mailbox:
        app.config["SMTP_URL"] = mailbox.url
        try:
            pat.post(f"/planning/cycles/{opened.id}/reminder/tests")
            pat.post(f"/planning/cycles/{opened.id}/reminders")
            session.expire_all()  # a worker has a session of its own
            runs = session.scalars(select(JobRun).where(JobRun.label.like("Remind of a%")))
            for run in runs.all():
                runner.perform(run.id)
        finally:
            del app.config["SMTP_URL"]

    assert changed.status_code == 303, changed.text
    assert [to for to, _mail in mailbox.mails] == [[team.planner.email], [team.bob.email]]
    said = mailbox.mails[1][1].get_content()
    assert said.startswith("Dear Bob: ")
    assert f"/planning/cycles/{opened.id}" in said
    others = select(Submission.reminded_at).where(Submission.id != mine.id)
    assert session.scalars(others).one() is not None


def test_a_link_that_leads_nowhere_is_told_where_the_text_is_seen(
    app: Flask, pat: FlaskClient, opened: Cycle, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"/planning/cycles/{opened.id}"
    monkeypatch.setitem(app.config, "PUBLIC_URL", None)
    lost = pat.get(page).text
    monkeypatch.setitem(app.config, "PUBLIC_URL", "https://ops.example.com/")
    found = pat.get(page).text

    assert "PUBLIC_URL is not set" in lost
    assert "PUBLIC_URL is not set" not in found
    assert f"https://ops.example.com{page}" in found


def test_a_word_that_stands_for_nothing_is_refused(pat: FlaskClient, opened: Cycle) -> None:
    text = {"reminder_subject": "Due {when}", "reminder_text": "{name.__class__}"}
    answer = pat.post(f"/planning/cycles/{opened.id}/reminder", data={**text, "version": "1"})

    assert answer.status_code == 422
    assert "{when} stands for nothing" in answer.text
