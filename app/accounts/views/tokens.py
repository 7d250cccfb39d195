"""My named tokens: for scripts and devices that act for me."""

from datetime import date

from flask import make_response, render_template, url_for
from flask_login import current_user
from sqlalchemy import Select
from werkzeug import Response

from app.accounts import queries, services
from app.accounts.forms import TokenForm, end_of_day
from app.accounts.models import ApiToken
from app.accounts.myself import myself
from app.accounts.services.tokens import Issued
from app.accounts.views.blueprint import bp
from app.core.pages import Action, Resource
from app.core.permissions import SIGNED_IN

CHANGED = "account:changed"


def _mine(token_id: int) -> Select[ApiToken]:
    return queries.token(current_user.id, token_id)


def _issue(name: str, expires_at: date | None, scopes: list[str]) -> Issued:
    user = myself()
    end = end_of_day(expires_at, user.time_zone) if expires_at else None
    return services.issue_token(user, name=name, expires_at=end, scopes=scopes)


def _revoke(token_id: int) -> None:
    services.revoke_token(myself(), token_id)


def _show(_token: None, issued: Issued) -> Response:
    """Show the token, this once."""
    return make_response(render_template("accounts/tokens/show.html", issued=issued))


TOKEN = Resource(
    name="token",
    area="accounts",
    query=_mine,
    rule="/account/tokens/<int:token_id>",
    keys={"token_id": "id"},
    event=CHANGED,
    listed_at="show_account",
)
create_token = Action(
    resource=TOKEN,
    name="create_token",
    is_new=True,
    title="New token",
    subtitle="A script or a device acts in your name with it.",
    submit="Make token",
    permission=SIGNED_IN,
    form=TokenForm,
    fields="accounts/tokens/_fields.html",
    is_wide=True,
    act=_issue,
    reply=_show,
    icon="key",
    is_page=True,
)
revoke_token = Action(
    resource=TOKEN,
    name="delete_token",
    path="/delete",
    title="Revoke",
    question="Revoke the token {0.name}? What uses it stops working.",
    permission=SIGNED_IN,
    act=_revoke,
    done="{0.name} is revoked.",
    to=lambda _token: url_for("accounts.show_account"),
    kind="quiet",
)

for action in (create_token, revoke_token):
    action.add_to(bp)
