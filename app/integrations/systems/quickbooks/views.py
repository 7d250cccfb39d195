"""The way back from QuickBooks' sign-in."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.core.permissions import requires
from app.integrations.hub.errors import SignInRefused
from app.integrations.services.connecting import finish_sign_in
from app.integrations.systems.quickbooks.connector import QuickBooks
from app.integrations.views.apps import callback_address

callback = Blueprint("quickbooks", __name__)


@callback.get("/callback")
@requires("integrations.manage")
def finish() -> ResponseReturnValue:
    """Come back from QuickBooks, where somebody has let us in or not."""
    if request.args.get("error"):
        flash("QuickBooks was not connected: nobody let us in.", "problem")
        return redirect(url_for("connections.index"), 303)
    connection = finish_sign_in(
        QuickBooks.system,
        user_id=current_user.id,
        state=request.args.get("state", ""),
        code=request.args.get("code", ""),
        account=_realm(request.args.get("realmId", "")),
        redirect_uri=callback_address(QuickBooks.system),
    )
    flash(f"{connection.name} is connected. The first sync has begun.")
    return redirect(url_for("connections.show", connection_id=connection.id), 303)


def _realm(text: str) -> str:
    """The number of a company: it becomes part of addresses, so it is only digits."""
    if not (text.isascii() and text.isdecimal()):
        raise SignInRefused("The answer names no company.")
    return text
