"""How many requests a person or an address may make in a minute; more hear 429, and when.

The counts are in Redis, so all processes share them; while it is away, each counts by itself.
"""

import time

from flask import Flask, current_app, request
from flask_login import current_user
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from redis import RedisError

from app.accounts.services.attempts import place_of
from app.accounts.services.refusals import TooManyRequests
from app.core.api import SAFE_METHODS
from app.core.broker import SECONDS
from app.core.permissions import PUBLIC

UNCOUNTED = {"static", "health.health", "health.ready", "metrics.show"}
# What a stranger may send costs a slow hash or a mail, but for what outside systems tell.
CHEAP = {"webhooks.create"}
STRANGERS = 5  # of what a person may, an address without one may a fifth;
COSTLY_SHARE = 25  # and of what is costly a twenty-fifth
PAUSE = 10.0  # seconds without Redis before it is asked again


class Limits:
    """The counts, in Redis and, while that is away, here."""

    def __init__(self, url: str, per_minute: int) -> None:
        options = {"socket_timeout": SECONDS, "socket_connect_timeout": SECONDS}
        address = f"redis+{url}" if url.startswith("unix:") else url
        self._shared = FixedWindowRateLimiter(storage_from_string(address, **options))
        self._own = FixedWindowRateLimiter(MemoryStorage())
        self._away_until = 0.0
        self.person = RateLimitItemPerMinute(per_minute)
        self.stranger = RateLimitItemPerMinute(max(1, per_minute // STRANGERS))
        self.costly = RateLimitItemPerMinute(max(1, per_minute // COSTLY_SHARE))

    def count(self, budget: RateLimitItem, *whose: str) -> None:
        """Count a request.

        Raises:
            TooManyRequests: There were too many in this minute.
        """
        if time.monotonic() >= self._away_until:
            try:
                return self._count(self._shared, budget, *whose)
            except RedisError:
                self._away_until = time.monotonic() + PAUSE
        return self._count(self._own, budget, *whose)

    def _count(
        self, limiter: FixedWindowRateLimiter, budget: RateLimitItem, *whose: str
    ) -> None:
        if not limiter.hit(budget, *whose):
            reset_at = limiter.get_window_stats(budget, *whose).reset_time
            raise TooManyRequests(max(1, round(reset_at - time.time())))


def init_app(app: Flask) -> None:
    """Count before anything else is done; with 0 requests a minute nothing is counted."""
    if per_minute := app.config.get("REQUESTS_PER_MINUTE", 0):
        app.extensions["limits"] = Limits(app.config["REDIS_URL"], per_minute)
        app.before_request(count)


def count() -> None:
    """Count the request, for whoever makes it."""
    if request.endpoint in UNCOUNTED:
        return
    limits: Limits = current_app.extensions["limits"]
    place = place_of(request.remote_addr)
    if _is_costly():
        limits.count(limits.costly, "costly", place)
    if current_user.is_authenticated:
        limits.count(limits.person, "person", str(current_user.id))
    else:
        limits.count(limits.stranger, "stranger", place)


def _is_costly() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    is_open = getattr(view, "required_permission", None) == PUBLIC
    return is_open and request.method not in SAFE_METHODS and request.endpoint not in CHEAP
