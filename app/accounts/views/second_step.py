"""The second step of signing in: a code of an app, a recovery code, or a passkey."""

from urllib.parse import urlsplit

from flask import current_app, flash, redirect, request, session, url_for
from werkzeug import Response

from app.accounts import services
from app.accounts.forms import SecondStepForm
from app.accounts.services.pending import Pending, pending
from app.accounts.services.refusals import TooManyAttempts
from app.accounts.views.blueprint import bp
from app.accounts.views.sessions import PENDING, welcome
from app.core.errors import DomainError
from app.core.permissions import public
from app.core.web import render


def site() -> services.Site:
    """Tell whose pages these are: as people reach them, if that is said."""
    origin = current_app.config["PUBLIC_URL"] or request.host_url
    parts = urlsplit(origin)
    return services.Site(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")


@bp.get("/session/second-step/new")
@public
def new_second_step() -> Response:
    """Ask for the second factor of whoever has given their password."""
    waiting = pending(session.get(PENDING, ""))
    return _form(SecondStepForm(), waiting) if waiting else _from_the_start()


@bp.post("/session/second-step")
@public
def create_second_step() -> Response:
    """Take the second factor, and let the person in."""
    waiting, form = pending(session.get(PENDING, "")), SecondStepForm()
    if waiting is None:
        return _from_the_start()
    if not form.validate_on_submit():
        return _form(form, waiting, status=422)
    try:
        _prove(waiting, form)
    except DomainError as error:
        return _refused(form, waiting, error)
    return welcome(waiting.user) if services.end_pending(waiting) else _from_the_start()


def _prove(waiting: Pending, form: SecondStepForm) -> None:
    address = request.remote_addr
    if signed := form.credential.data:
        challenge = waiting.challenge
        services.prove_passkey(
            waiting.user, signed, challenge=challenge, site=site(), address=address
        )
    else:
        services.prove_code(waiting.user, form.code.data or "", address=address)


def _refused(form: SecondStepForm, waiting: Pending, error: DomainError) -> Response:
    form.reject("code", error)
    form.credential.data = ""
    response = _form(form, waiting, status=429 if isinstance(error, TooManyAttempts) else 422)
    if isinstance(error, TooManyAttempts):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _form(form: SecondStepForm, waiting: Pending, *, status: int = 200) -> Response:
    options = services.passkey_to_sign(waiting.user, challenge=waiting.challenge, site=site())
    return render(
        "accounts/sessions/second_step.html",
        fragment="form",
        status=status,
        form=form,
        options=options,
    )


def _from_the_start() -> Response:
    flash("Please sign in once more: that took too long.")
    return redirect(url_for(".new_session", next=request.args.get("next")), 303)
