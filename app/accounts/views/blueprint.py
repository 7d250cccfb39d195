"""The blueprint of signing in and of one's own account."""

from flask import Blueprint, abort
from flask_login import current_user

from app.accounts.myself import current_session

bp = Blueprint("accounts", __name__)


@bp.before_request
def only_people() -> None:
    """Keep named tokens out: a stolen one must not make others, or a new password."""
    if current_user.is_authenticated and current_session() is None:
        abort(403, "This takes a sign-in, not a named token.")
