"""What runs when, for programs."""

from typing import Any

from sqlalchemy.orm import Session

from app.core.jobs import JobRun
from tests.core.conftest import Bearer

AT = "/api/v1/schedule"
ENTRY = f"{AT}/delete-files"


def test_what_runs_is_listed_and_shown(bearer: Bearer) -> None:
    program = bearer("jobs.manage")

    [listed] = [one for one in program.get(AT).json["items"] if one["name"] == "delete-files"]
    shown: Any = program.get(ENTRY).json

    assert listed == shown
    assert (shown["label"], shown["is_enabled"]) == ("Delete expired files", True)
    assert (shown["cron"], "last_job_id" in shown) == (shown["usual_cron"], False)
    assert program.get(f"{AT}/nothing").status_code == 404
    assert bearer("jobs.view").get(AT).status_code == 403


def test_it_is_changed_in_the_version_that_was_read(bearer: Bearer) -> None:
    program = bearer("jobs.manage")
    version = program.get(ENTRY).json["version"]

    changed = program.put(ENTRY, json={"cron": "0 5 * * 1", "version": version})
    stale = program.put(ENTRY, json={"cron": "0 6 * * 1"}, headers={"If-Match": f'"{version}"'})
    never = program.put(ENTRY, json={"cron": "0 5 31 2 *"})
    off: Any = program.put(ENTRY, json={"is_enabled": False}).json

    assert (changed.status_code, changed.json["cron"]) == (200, "0 5 * * 1")
    assert (stale.status_code, [*stale.json["fields"]][:1]) == (409, ["cron"])
    assert (never.status_code, [*never.json["fields"]]) == (422, ["cron"])
    assert (off["cron"], off["is_enabled"], off["next_at"]) == ("0 5 * * 1", False, None)


def test_it_is_started_outside_of_its_time(bearer: Bearer, session: Session) -> None:
    program = bearer("jobs.manage")

    started = program.post(f"{ENTRY}/runs")

    assert started.status_code == 202
    assert started.json["last_job_id"] == session.query(JobRun).one().id
    assert program.post(f"{AT}/nothing/runs").status_code == 404
