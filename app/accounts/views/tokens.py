"""My named tokens: for scripts and devices that act for me."""

from flask import make_response, render_template, url_for
from flask_login import current_user
from werkzeug import Response

from app.accounts import queries, services
from app.accounts.asking import myself
from app.accounts.forms import TokenForm
from app.accounts.views.blueprint import bp
from app.core.errors import DomainError
from app.core.permissions import SIGNED_IN, requires
from app.core.web import one_or_404, render, respond_saved


@bp.get("/account/tokens/new")
@requires(SIGNED_IN)
def new_token() -> Response:
    """Ask what the token is for."""
    return _form(TokenForm())


@bp.post("/account/tokens")
@requires(SIGNED_IN)
def create_token() -> Response:
    """Make a token and show it, this once."""
    form = TokenForm()
    if not form.validate_on_submit():
        return _form(form, status=422)
    user = myself()
    try:
        issued = services.issue_token(
            user, name=form.values["name"], expires_at=form.expiry(user.time_zone)
        )
    except DomainError as error:
        return _form(form, status=form.refuse(error))
    return make_response(render_template("accounts/tokens/show.html", issued=issued))


@bp.post("/account/tokens/<int:token_id>/delete")
@requires(SIGNED_IN)
def delete_token(token_id: int) -> Response:
    """Revoke a token."""
    token = one_or_404(queries.token(current_user.id, token_id))
    services.revoke_token(myself(), token.id)
    message = f"{token.name} is revoked."
    return respond_saved(url_for(".show_account"), message, event="account:changed")


def _form(form: TokenForm, *, status: int = 200) -> Response:
    return render("accounts/tokens/new.html", fragment="form", status=status, form=form)
