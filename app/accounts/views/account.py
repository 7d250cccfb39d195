"""My account: what people see and change of themselves."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import url_for
from flask_login import current_user
from sqlalchemy import Select

from app.accounts import queries, services
from app.accounts.forms import AccountForm, ChangePasswordForm
from app.accounts.models import User
from app.accounts.myself import myself
from app.accounts.views.blueprint import bp
from app.accounts.views.my_factors import my_factors
from app.accounts.views.my_sessions import end_session, my_sessions
from app.accounts.views.sessions import enter, leave
from app.accounts.views.tokens import CHANGED, create_token, revoke_token
from app.core.db import db
from app.core.errors import Invalid
from app.core.pages import Action, RecordPage, Resource
from app.core.permissions import SIGNED_IN


def _my_account() -> Select[User]:
    return queries.user(current_user.id)


def _change_password(**passwords: str) -> None:
    """Change it; every other browser and program has to sign in again."""
    enter(services.change_password(myself(), **passwords))


def _sign_out_everywhere() -> None:
    services.sign_out_everywhere(current_user.id, by=myself())
    leave()


def _revise(**values: Any) -> User:
    return services.revise_account(myself(), **values)


def _context(_user: User) -> Mapping[str, Any]:
    return {
        "sessions": my_sessions(),
        "end_session": end_session,
        "tokens": db.session.scalars(queries.tokens(current_user.id)).all(),
        "create_token": create_token,
        "revoke_token": revoke_token,
        **my_factors(),
    }


ACCOUNT = Resource(
    name="user",
    area="accounts",
    query=myself,
    rule="/account",
    event=CHANGED,
    shown_at="show_account",
)

_verb = partial(Action, resource=ACCOUNT, permission=SIGNED_IN)

update = _verb(
    name="update_account",
    title="Edit",
    heading="Edit my account",
    form=AccountForm,
    fields="accounts/account/_fields.html",
    act=_revise,
    done="Your account is saved.",
    icon="edit",
)
change_password = _verb(
    name="update_password",
    path="/password",
    title="Change password",
    subtitle="You will be signed out everywhere else.",
    submit="Change password",
    form=ChangePasswordForm,
    fields="accounts/passwords/_fields.html",
    act=_change_password,
    refuses=Invalid,
    done="Your password is changed. You are signed out everywhere else.",
    icon="lock",
)
sign_out = _verb(
    name="delete_sessions",
    path="/sessions/delete",
    title="Sign out everywhere",
    question="Sign out on every browser and in every program, also here?",
    act=_sign_out_everywhere,
    done="You are signed out everywhere.",
    to=lambda _user: url_for("accounts.new_session"),
    leaves=True,
    icon="leave",
)

account_page = RecordPage(
    resource=ACCOUNT,
    query=_my_account,
    permission=SIGNED_IN,
    heading="My account",
    subtitle="{0.email}",
    buttons=(update, change_password, sign_out),
    body="accounts/account/_account.html",
    context=_context,
    has_history=False,
)

account_page.add_to(bp, "show_account")
for action in (update, change_password, sign_out):
    action.add_to(bp)
