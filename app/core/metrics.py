"""What Prometheus reads: requests, jobs, queues, connections, open sockets."""

import hmac
import logging
import os
import time
from collections.abc import Iterable

from flask import Blueprint, Flask, Response, abort, current_app, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Gauge,
    Histogram,
    mmap_dict,
    values,
)
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from redis import RedisError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from app.core.db import db
from app.core.jobs.models import STATES
from app.core.jobs.queries import runs_by_state
from app.core.jobs.workers import live_workers, queue_lengths
from app.core.permissions import public


class ReservedDict(mmap_dict.MmapedDict):
    """A file of counts whose place on the disk is taken before anybody writes to it.

    The library makes it by truncation. Where a mapped file has no room behind it, writing is
    no error but SIGBUS: a full disk would kill every process that serves pages.
    """

    def __init__(self, filename: str, read_mode: bool = False) -> None:  # noqa: FBT001, FBT002
        if not read_mode:
            with open(filename, "ab") as file:  # noqa: PTH123  (as they open it)
                os.posix_fallocate(file.fileno(), 0, mmap_dict._INITIAL_MMAP_SIZE)  # noqa: SLF001
        super().__init__(filename, read_mode)

    def _init_value(self, key: str) -> None:
        if self._used + len(key) + ROOM > self._capacity:
            os.posix_fallocate(self._f.fileno(), 0, self._capacity * 2)
        super()._init_value(key)


setattr(values, "MmapedDict", ReservedDict)  # noqa: B010  (before the first of them is made)
ROOM = 64  # bytes of a value beside its key

LOOPBACK = {"127.0.0.1", "::1"}
log = logging.getLogger(__name__)

MANY = "PROMETHEUS_MULTIPROC_DIR"  # set where several processes serve pages

REQUESTS = Histogram(
    "opsroom_request_seconds",
    "Time to answer a request",
    ["method", "endpoint", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
OPEN_SOCKETS = Gauge(
    "opsroom_open_sockets", "Pages that listen for live updates", multiprocess_mode="livesum"
)

bp = Blueprint("metrics", __name__)


def init_app(app: Flask) -> None:
    """Measure every request but those for files of our own."""
    app.after_request(_measure)


def _measure(response: Response) -> Response:
    endpoint = request.endpoint or "none"
    if endpoint != "static":
        seconds = time.perf_counter() - g.began
        try:
            REQUESTS.labels(request.method, endpoint, response.status_code).observe(seconds)
        except OSError as error:
            log.warning("Not counted: %s", error)
    return response


@bp.get("/metrics")
@public
def show() -> Response:
    """Give the figures to this machine, or to who holds `METRICS_TOKEN`."""
    if not (_is_local() or _holds_token()):
        abort(403, "Metrics are for this machine, or for a bearer of METRICS_TOKEN.")
    facts = CollectorRegistry()
    facts.register(Facts())
    text = generate_latest(_measured()) + generate_latest(facts)
    return Response(text, content_type=CONTENT_TYPE_LATEST)


def _is_local() -> bool:
    """Tell our own machine from strangers behind a proxy on it."""
    return request.remote_addr in LOOPBACK and "X-Forwarded-For" not in request.headers


def _holds_token() -> bool:
    token, given = current_app.config["METRICS_TOKEN"], request.authorization
    if not token or given is None or not given.token:
        return False
    return hmac.compare_digest(given.token.encode(), token.encode())


def _measured() -> CollectorRegistry:
    """What this process has measured, or all that serve pages together."""
    if MANY not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry


class Facts(Collector):
    """What is counted at the moment somebody asks; what is away is left out."""

    def collect(self) -> Iterable[Metric]:
        """Ask the database, Redis and the connection pool."""
        yield from self._pool()
        try:
            yield from self._jobs()
        except SQLAlchemyError:
            db.session.rollback()
        try:
            yield from self._queues()
        except RedisError:
            return

    def _pool(self) -> Iterable[Metric]:
        pool = db.engine.engine.pool
        if isinstance(pool, QueuePool):
            family = _family(
                "opsroom_database_connections", "Connections of this process", "state"
            )
            family.add_metric(["used"], pool.checkedout())
            family.add_metric(["idle"], pool.checkedin())
            yield family

    def _jobs(self) -> Iterable[Metric]:
        counts = dict(db.session.execute(runs_by_state()).all())
        family = _family("opsroom_jobs", "Rows of background jobs", "state")
        for state in STATES:
            family.add_metric([state], counts.get(state, 0))
        yield family

    def _queues(self) -> Iterable[Metric]:
        family = _family("opsroom_queue_length", "Jobs that wait for a worker", "queue")
        for name, length in queue_lengths().items():
            family.add_metric([name], length)
        yield family
        yield GaugeMetricFamily("opsroom_workers", "Live workers", value=live_workers())


def _family(name: str, about: str, label: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, about, labels=[label])
