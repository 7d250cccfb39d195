"""Signing in and out: a session is a resource that is created and deleted."""

from urllib.parse import urlsplit

from flask import redirect, request, session, url_for
from flask_login import current_user
from werkzeug import Response

from app.accounts import services
from app.accounts.devices import device, remember_device
from app.accounts.forms import SignInForm
from app.accounts.identities import Identity
from app.accounts.models import User
from app.accounts.myself import (
    COOKIE_KEY,
    become,
    current_session,
    myself,
    origin,
)
from app.accounts.services.refusals import TooManyAttempts, WrongPassword
from app.accounts.views.blueprint import bp
from app.core.errors import DomainError
from app.core.forms import renew_csrf
from app.core.permissions import SIGNED_IN, public, requires
from app.core.settings import setting
from app.core.web import render

PENDING = "pending"  # where the cookie holds what finds a sign-in that waits


@bp.get("/session/new")
@public
def new_session() -> Response:
    """Show the sign-in form; somebody who is signed in has no need of it."""
    if current_user.is_authenticated:
        return redirect(_local(request.args.get("next")), 303)
    return _form(SignInForm())


@bp.post("/session")
@public
def create_session() -> Response:
    """Sign in, then go where the person wanted to go."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _form(form, status=422)
    try:
        user = services.authenticate(
            **form.values, address=request.remote_addr, device=device()
        )
    except DomainError as error:
        return _refused(form, error)
    if user.second_factor_at is not None:
        session.clear()
        session[PENDING] = services.begin_pending(user)
        return redirect(url_for(".new_second_step", next=request.args.get("next")), 303)
    return welcome(user)


@bp.post("/session/delete")
@requires(SIGNED_IN)
def delete_session() -> Response:
    """Sign out."""
    leave()
    return redirect(url_for(".new_session"), 303)


def welcome(user: User) -> Response:
    """Let somebody in who has proved who they are, to where they wanted to go."""
    response = redirect(_local(request.args.get("next")), 303)
    enter(user)
    remember_device(response, user)
    return response


def enter(user: User) -> None:
    """Begin a browser's session, with nothing left in it of the one before."""
    opened = services.open_browser(user, origin=origin())
    session.clear()
    session[COOKIE_KEY] = opened.secret
    renew_csrf()  # now, or two pages that open at once would each make one
    become(Identity.of(user, opened.session))


def leave() -> None:
    """End the session of the browser that asks: its cookie is worth nothing from now on."""
    if present := current_session():
        services.close_session(myself(), present.id)
    session.clear()
    become(None)


def _refused(form: SignInForm, error: DomainError) -> Response:
    if isinstance(error, WrongPassword):
        form.reject("password", error)
    else:
        form.form_errors.append(str(error))
    is_throttled = isinstance(error, TooManyAttempts)
    response = _form(form, status=429 if is_throttled else 422)
    if isinstance(error, TooManyAttempts):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _form(form: SignInForm, *, status: int = 200) -> Response:
    is_open = bool(setting("self_registration"))
    return render(
        "accounts/sessions/new.html", fragment="form", status=status, form=form, is_open=is_open
    )


def _local(target: str | None) -> str:
    """Trust only a path: `next` may come from anybody's link."""
    is_path = target and target.startswith("/") and not target.startswith(("//", "/\\"))
    if not (target and is_path and target.isprintable()):  # a line break ends a header
        return "/"
    return "/" if urlsplit(target).netloc else target
