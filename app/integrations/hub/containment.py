"""One exception costs one record: which are a record's own, and what is said of them."""

import logging

from redis import RedisError
from rq.timeouts import JobTimeoutException
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.core.errors import DomainError
from app.core.jobs import Cancelled, Postponed
from app.integrations.hub.errors import Unreadable

# These say nothing of a record: the database or the queue is away, somebody else was faster,
# the job is to stop. Tried again, the same record does no harm.
OF_ALL = (
    *(OperationalError, InterfaceError, PoolTimeout, RedisError),
    *(JobTimeoutException, Cancelled, Postponed, MemoryError),
)
LONGEST = 200

log = logging.getLogger(__name__)


def is_of_record(error: Exception) -> bool:
    """Tell whether an exception is about the record that was looked at, and no other."""
    return not isinstance(error, OF_ALL)


def reason_of(error: Exception) -> str:
    """Say for people why a record cannot be taken; what nobody foresaw goes to the log too."""
    if isinstance(error, Unreadable | DomainError):
        return str(error)
    if isinstance(error, RecursionError):
        return "It is nested too deep."
    log.error("A record is rejected", exc_info=error)
    said = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    return f"It does not fit ({type(error).__name__}): {said[:LONGEST]}"
