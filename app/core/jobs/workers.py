"""Who works just now, and how much waits for them, as far as Redis knows."""

from datetime import UTC, datetime, timedelta

from rq import Queue, Worker

from app.core.broker import broker
from app.core.jobs.definition import QUEUES

SEEN_WITHIN = timedelta(minutes=2)


def live_workers() -> int:
    """Count the workers that have been heard of lately."""
    since = datetime.now(UTC) - SEEN_WITHIN
    beats = [worker.last_heartbeat for worker in Worker.all(connection=broker())]
    return sum(1 for beat in beats if beat is not None and beat > since)


def queue_lengths() -> dict[str, int]:
    """Count what waits in each queue."""
    return {name: Queue(name, connection=broker()).count for name in QUEUES}
