"""What time at work costs: a year of a thousand people made anew, their month, an outage."""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select, text

from app.attendance import services
from app.attendance.models import Device, Employee, Punch, WorkSession
from app.attendance.reckoning.clock import DeviceNow
from app.attendance.services import Heartbeat, SentPunch
from app.core.db import db, transaction
from bench.report import Row

PEOPLE, DAYS = 1_000, 365
QUEUED, BATCH = 5_000, 500
REBUILD, MONTH, OUTAGE = 60.0, 3.0, 5.0  # seconds
FIRST = date(2025, 11, 3)
CARD = 50_000_000

# Each person comes and goes on weekdays, as everybody does, some minutes off.
FILL = """
INSERT INTO employee (number, name, time_zone, country, hire_date, department)
SELECT 'B' || n, 'Bench ' || n, 'Europe/Berlin', 'DE', date '2020-01-01', 'D' || n % 20
FROM generate_series(1, :people) n;
INSERT INTO employment_contract (employee_id, valid_from, weekly_hours, rule_set_id)
SELECT id, date '2020-01-01', 40, (SELECT min(id) FROM attendance_rule_set)
FROM employee WHERE number LIKE 'B%';
INSERT INTO attendance_device (name, kind, created_at)
VALUES ('Bench', 'bridge', timestamptz '2020-01-01');
"""
STAMPS = """
INSERT INTO punch (device_id, boot_id, device_seq, kind, credential_hash, at, device_time,
    device_offset, received_at, content_hash)
SELECT d.id, 'year', row_number() OVER (), 'card', c.credential_hash, stamp, stamp, 0,
    stamp, ''
FROM credential c
CROSS JOIN attendance_device d
CROSS JOIN generate_series(0, :days - 1) day
CROSS JOIN LATERAL (VALUES (7), (16)) hours (hour)
CROSS JOIN LATERAL (
    SELECT CAST(:first AS date) + day AS on_day
) calendar
CROSS JOIN LATERAL (
    SELECT timezone('UTC', on_day
        + make_interval(hours => hour, mins => CAST((c.id * 7 + day * 3) % 40 AS int)))
        AS stamp
) moment
WHERE d.name = 'Bench' AND extract(isodow FROM on_day) < 6
"""


def rows(app: Flask) -> list[Row]:
    """Measure all of it, on a year of punches."""
    with app.app_context():
        _fill()
        return [_rebuild(), _unchanged(), _month(), _outage()]


def _fill() -> None:
    with transaction() as session:
        for statement in FILL.split(";"):
            if statement.strip():
                session.execute(text(statement), {"people": PEOPLE})
        ids = session.scalars(select(Employee.id).where(Employee.number.like("B%"))).all()
        for number, employee_id in enumerate(ids):
            services.assign_card(str(CARD + number), employee_id=employee_id)
        session.execute(text("UPDATE credential SET valid_from = '2020-01-01'"))
        session.execute(text(STAMPS), {"first": FIRST, "days": DAYS})
    with db.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


def _timed(work: Any) -> tuple[float, Any]:
    began = time.monotonic()
    done = work()
    db.session.remove()
    return time.monotonic() - began, done


def _rebuild_all() -> services.Changes:
    with transaction() as session:
        return services.rebuild(session)


def _rebuild() -> Row:
    seconds, _changes = _timed(_rebuild_all)
    sessions = db.session.scalar(select(func.count(WorkSession.id)))
    punches = db.session.scalar(select(func.count(Punch.id)))
    work = f"A year of {PEOPLE:,} people made anew ({punches:,} punches, {sessions:,} sessions)"
    return _row(work, REBUILD, seconds)


def _unchanged() -> Row:
    seconds, changes = _timed(_rebuild_all)
    row = _row("The same again: nothing changes", REBUILD, seconds)
    return row._replace(is_reached=row.is_reached and changes == services.Changes())


def _month() -> Row:
    first = date(2026, 10, 1)
    seconds, sheets = _timed(lambda: services.report(first, date(2026, 10, 31)))
    return _row(f"Month report of {len(sheets):,} people", MONTH, seconds)


def _outage() -> Row:
    """A bridge that was cut off sends what it has kept, in batches."""
    now = datetime.now(UTC)
    device = db.session.scalars(select(Device).where(Device.name == "Bench")).one()
    begin = now - timedelta(hours=20)
    punches = [
        SentPunch(n + 1, "outage", str(CARD + n % PEOPLE), begin + timedelta(seconds=14 * n))
        for n in range(QUEUED)
    ]

    def send() -> None:
        for first in range(0, QUEUED, BATCH):
            beat = Heartbeat(DeviceNow(now, "outage", now), queued=QUEUED - first)
            services.take_punches(device, punches[first : first + BATCH], beat)

    seconds, _done = _timed(send)
    return _row(f"{QUEUED:,} queued punches after an outage", OUTAGE, seconds)


def _row(work: str, reach: float, seconds: float) -> Row:
    measured = f"{seconds:.1f} s"
    return Row(work, f"<= {reach:.0f} s", "", measured, "", "", "", is_reached=seconds <= reach)
