"""Columns that were renamed are renamed back and forth, with what stands in them."""

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from app.core.db import db
from app.core.jobs import JobRun
from app.counting.jobs import count_discrepancy

RENAMED = {
    "scan": ({"deed", "said"}, {"kind", "message"}),
    "pick_task": ({"asked_line_id"}, {"empty_check_line_id"}),
    "label_item": ({"asked", "face"}, {"requested", "content"}),
    "label_printer": ({"nudge_x", "nudge_y"}, {"offset_x", "offset_y"}),
}


@pytest.mark.committed
def test_names_and_waiting_jobs_go_back_and_forward(app: Flask, session: Session) -> None:
    run = count_discrepancy.enqueue(location_id=1, product_id=1, reason="damaged")
    session.commit()
    number = run.id
    session.close()

    try:
        downgrade("migrations", revision="0018", x_arg="drop-data")
        before = {table: columns(table) for table in RENAMED}
        with db.engine.connect() as connection:
            query = text("SELECT job FROM job_run WHERE id = :id")
            old_path = connection.scalar(query, {"id": number})
    finally:
        upgrade("migrations")

    for table, (old, new) in RENAMED.items():
        assert (old <= before[table], new & before[table]) == (True, set())
        assert (new <= columns(table), old & columns(table)) == (True, set())
    assert old_path == "app.counting.jobs:count_doubted"
    assert session.get_one(JobRun, number).job == count_discrepancy.path


def columns(table: str) -> set[str]:
    return {column["name"] for column in inspect(db.engine).get_columns(table)}
