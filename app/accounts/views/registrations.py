"""People who make their own account, where the administrator lets them."""

from flask import abort, flash, redirect, request, url_for
from werkzeug import Response

from app.accounts import services
from app.accounts.forms import RegistrationForm
from app.accounts.views.blueprint import bp
from app.core.errors import Invalid
from app.core.permissions import public
from app.core.settings import setting
from app.core.web import render


@bp.get("/register")
@public
def new_registration() -> Response:
    """Ask who somebody is."""
    _ensure_open()
    return _form(RegistrationForm())


@bp.post("/register")
@public
def create_registration() -> Response:
    """Make an account that waits for an administrator."""
    _ensure_open()
    form = RegistrationForm()
    if not form.validate_on_submit():
        return _form(form, status=422)
    try:
        services.register(**form.values, address=request.remote_addr)
    except Invalid as error:
        return _form(form, status=form.refuse(error))
    flash("Thank you. You can sign in once an administrator has approved your account.")
    return redirect(url_for(".new_session"), 303)


def _ensure_open() -> None:
    if not setting("self_registration"):
        abort(404, "People cannot register themselves here.")


def _form(form: RegistrationForm, *, status: int = 200) -> Response:
    return render("accounts/registrations/new.html", fragment="form", status=status, form=form)
