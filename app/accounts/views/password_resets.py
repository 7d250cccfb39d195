"""A new password for somebody who has forgotten theirs: ask for a link, use it."""

from typing import Any

from flask import request, url_for

from app.accounts import services
from app.accounts.forms import ForgottenForm, ResetForm
from app.accounts.views.blueprint import bp
from app.core.mail import mail_server
from app.core.pages import Action, Resource
from app.core.permissions import PUBLIC

SENT = "If there is such an account, a link is on its way by mail. It works for an hour."
NO_MAIL = "This installation sends no mail. Ask an administrator for a new password."


def _nobody() -> None:
    """Know nothing of whoever asks."""


def _ask(name: str) -> None:
    services.ask_reset(name, address=request.remote_addr)


def _take_token(form: ResetForm, _nobody: None) -> None:
    """Take the token of the link into the form: logs keep paths, not queries or forms."""
    form.token.data = request.args.get("token", "")


def _use(**given: Any) -> None:
    services.use_reset(**given)


RESET = Resource(
    name="password_reset",
    area="accounts",
    query=_nobody,
    rule="/password-resets",
    listed_at="new_session",
)
ask_reset = Action(
    resource=RESET,
    name="create_password_reset",
    is_new=True,
    title="Forgot your password?",
    subtitle="A link for a new one is sent to your e-mail address.",
    submit="Send the link",
    permission=PUBLIC,
    form=ForgottenForm,
    fields="accounts/password_resets/_fields.html",
    context=lambda _nobody: {"sends_mail": mail_server() is not None, "no_mail": NO_MAIL},
    act=_ask,
    done=SENT,
    to=lambda _nobody: url_for("accounts.new_session"),
    leaves=True,
)
use_reset = Action(
    resource=RESET,
    name="update_password_reset",
    path="/use",
    asked_path="",
    is_new=True,
    title="Choose a new password",
    subtitle="You are signed out everywhere by it.",
    submit="Set password",
    permission=PUBLIC,
    form=ResetForm,
    fill=_take_token,
    fields="accounts/password_resets/_use_fields.html",
    act=_use,
    done="Your password is set. You can sign in with it now.",
    to=lambda _nobody: url_for("accounts.new_session"),
    leaves=True,
)
ask_reset.add_to(bp)
use_reset.add_to(bp)
