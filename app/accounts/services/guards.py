"""Who may change whom: nobody gives more than they have, and a way in is always left.

`by` is whoever asks; None is the command line, which may do everything.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.models import User
from app.accounts.services.refusals import BeyondYourRole, LastAdministrator, OwnAccount
from app.core.db import transaction

ACCOUNTS_LOCK = 2  # of PostgreSQL's advisory locks; 1 is the first start


@contextmanager
def changing_accounts() -> Iterator[Session]:
    """Change users or roles, one at a time, so that two changes cannot add up to a lock-out.

    Raises:
        LastAdministrator: There was somebody who could change users, and nobody is left.
    """
    with transaction() as session:
        session.execute(select(func.pg_advisory_xact_lock(ACCOUNTS_LOCK)))
        was_administered = _is_administered(session)
        yield session
        session.flush()
        if was_administered and not _is_administered(session):
            raise LastAdministrator


def _is_administered(session: Session) -> bool:
    return bool(session.scalar(select(queries.administrators().exists())))


def ensure_may_give(by: User | None, permissions: Iterable[str]) -> None:
    """Refuse to hand out what `by` does not hold.

    Raises:
        BeyondYourRole: At least one permission is missing.
    """
    if by is not None and not by.covers(permissions):
        raise BeyondYourRole


def ensure_outranks(by: User | None, user: User) -> None:
    """Refuse to touch the account of somebody who may do more: it would be a way up.

    Raises:
        BeyondYourRole: The user holds a permission that `by` does not.
    """
    ensure_may_give(by, user.role.permissions)


def ensure_not_self(by: User | None, user: User, reason: str) -> None:
    """Refuse what nobody may do to themselves.

    Raises:
        OwnAccount: It is one's own account.
    """
    if by is not None and by.id == user.id:
        raise OwnAccount(reason)
