"""Doing something to many rows of a list, as its page asks for it and a worker does it."""

from typing import Any

from flask.testing import FlaskClient

from app.core.db import db
from app.core.jobs import JobRun
from app.core.jobs.runner import perform


def act(client: FlaskClient, path: str, ids: list[int], **values: str) -> dict[str, Any]:
    """Confirm an action of a list, let it be done, and give its report."""
    data = {"confirmed": "1", "ids": [str(number) for number in ids], **values}
    answer = client.post(f"/lists/{path}", data=data)
    assert answer.status_code == 303, answer.text
    run_id = int(answer.location.rpartition("/")[2])
    with client.application.app_context():  # a session of its own, as a worker has
        perform(run_id)
    db.session.expire_all()
    run = db.session.get_one(JobRun, run_id)
    assert run.state == "succeeded", run.error
    return run.result or {}
