"""Where I am signed in: browsers and programs, each of which I can sign out."""

from typing import NamedTuple

from flask import url_for
from flask_login import current_user
from sqlalchemy import Select

from app.accounts import queries, services
from app.accounts.models import UserSession
from app.accounts.myself import current_session, myself
from app.accounts.views.blueprint import bp
from app.accounts.views.tokens import CHANGED
from app.core.db import db
from app.core.pages import Action, Resource
from app.core.permissions import SIGNED_IN


class Shown(NamedTuple):
    """A session as its owner sees it."""

    id: int
    device: str
    session: UserSession
    is_here: bool


def my_sessions() -> list[Shown]:
    """Give the sessions of the person asking, this one first."""
    rows = db.session.scalars(queries.sessions(current_user.id)).all()
    return sorted(map(_shown, rows), key=lambda shown: not shown.is_here)


def _shown(row: UserSession) -> Shown:
    here = current_session()
    return Shown(
        row.id,
        services.device_name(row.user_agent),
        row,
        is_here=here is not None and here.id == row.id,
    )


def _mine(session_id: int) -> Select[UserSession]:
    return queries.session(current_user.id, session_id)


def _end(session_id: int) -> None:
    services.close_session(myself(), session_id)


end_session = Action(
    resource=Resource(
        name="session",
        area="accounts",
        query=_mine,
        rule="/account/sessions/<int:session_id>",
        keys={"session_id": "id"},
        event=CHANGED,
        listed_at="show_account",
    ),
    name="end_session",
    path="/delete",
    title="Sign out",
    question="Sign out there? Whoever is there has to sign in again.",
    permission=SIGNED_IN,
    act=_end,
    done="It is signed out.",
    to=lambda _session: url_for("accounts.show_account"),
    kind="quiet",
)
end_session.add_to(bp)
