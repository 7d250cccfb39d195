"""My account: what people see and change of themselves."""

from flask import session, url_for
from flask_login import current_user
from werkzeug import Response

from app.accounts import queries, services
from app.accounts.asking import myself
from app.accounts.forms import AccountForm, ChangePasswordForm
from app.accounts.views.blueprint import bp
from app.accounts.views.sessions import enter
from app.core.db import db
from app.core.errors import DomainError, Invalid
from app.core.forms import Form
from app.core.permissions import SIGNED_IN, requires
from app.core.web import one_or_404, render, respond_redirect, respond_saved


@bp.get("/account")
@requires(SIGNED_IN)
def show_account() -> Response:
    """Show one's own account and its tokens."""
    tokens = db.session.scalars(queries.tokens(current_user.id)).all()
    user = one_or_404(queries.user(current_user.id))
    return render("accounts/account/show.html", fragment="record", user=user, tokens=tokens)


@bp.get("/account/edit")
@requires(SIGNED_IN)
def edit_account() -> Response:
    """Ask for name and time zone."""
    return _form("account/edit", AccountForm(obj=one_or_404(queries.user(current_user.id))))


@bp.post("/account")
@requires(SIGNED_IN)
def update_account() -> Response:
    """Change name and time zone."""
    form = AccountForm()
    if not form.validate_on_submit():
        return _form("account/edit", form, status=422)
    try:
        services.revise_account(myself(), **form.values)
    except DomainError as error:
        return _form("account/edit", form, status=form.refuse(error))
    return respond_saved(
        url_for(".show_account"), "Your account is saved.", event="account:changed"
    )


@bp.get("/account/password/edit")
@requires(SIGNED_IN)
def edit_password() -> Response:
    """Ask for the present and the new password."""
    return _form("passwords/edit", ChangePasswordForm())


@bp.post("/account/password")
@requires(SIGNED_IN)
def update_password() -> Response:
    """Change the password; every other browser and program has to sign in again."""
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return _form("passwords/edit", form, status=422)
    try:
        user = services.change_password(myself(), **form.values)
    except Invalid as error:
        return _form("passwords/edit", form, status=form.refuse(error))
    enter(user)
    message = "Your password is changed. You are signed out everywhere else."
    return respond_saved(url_for(".show_account"), message, event="account:changed")


@bp.post("/account/sessions/delete")
@requires(SIGNED_IN)
def delete_sessions() -> Response:
    """Sign out everywhere, here too."""
    services.sign_out_everywhere(current_user.id, by=myself())
    session.clear()
    return respond_redirect(url_for(".new_session"), "You are signed out everywhere.")


def _form(name: str, form: Form, *, status: int = 200) -> Response:
    return render(f"accounts/{name}.html", fragment="form", status=status, form=form)
