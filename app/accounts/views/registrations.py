"""People who make their own account, where the administrator lets them."""

from typing import Any

from flask import abort, request

from app.accounts import services
from app.accounts.forms import RegistrationForm
from app.accounts.views.blueprint import bp
from app.core.errors import Invalid
from app.core.pages import Action, Resource
from app.core.permissions import PUBLIC
from app.core.settings import setting


def _ensure_open() -> None:
    if not setting("self_registration"):
        abort(404, "People cannot register themselves here.")


def _register(**values: Any) -> None:
    services.register(**values, address=request.remote_addr)


REGISTRATIONS = Resource(
    name="registration",
    area="accounts",
    query=_ensure_open,
    rule="/register",
    listed_at="new_session",
)
register = Action(
    resource=REGISTRATIONS,
    name="create_registration",
    asked_path="",
    title="Register",
    subtitle="An administrator approves new accounts.",
    permission=PUBLIC,
    form=RegistrationForm,
    fields="accounts/registrations/_fields.html",
    act=_register,
    refuses=Invalid,
    done="Thank you. You can sign in once an administrator has approved your account.",
    leaves=True,
)
register.add_to(bp)
