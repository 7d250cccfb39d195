"""What comboboxes offer of users."""

from app.accounts import queries
from app.accounts.models import User
from app.core.db import db
from app.core.errors import Invalid
from app.core.forms import Named, RecordField
from app.core.pages.choices import MOST, Choice


def user_choices(term: str, _about: int | None = None) -> list[Choice]:
    """Find users who may sign in by what was typed."""
    found = queries.users(search=term, state="active").order_by(User.name, User.id)
    people = db.session.scalars(found.limit(MOST))
    return [Choice(one.username, one.name, one.email or "") for one in people]


def find_user(name: str) -> int:
    """Give the id of the user with this username or e-mail address, or of the only so named.

    Raises:
        Invalid: There is none, or more than one.
    """
    found = db.session.scalars(queries.users_called(name).limit(2)).all()
    if not found:
        raise Invalid("user", "No user has this username or this name.")
    if len(found) > 1 and found[0].username.lower() != name.lower():
        raise Invalid("user", f"Several users are called {name}: choose a username.")
    return found[0].id


def user_field(label: str) -> RecordField:
    """Make a field for a user."""
    return RecordField(label, find=find_user, named=_named)


def _named(user_id: int) -> Named | None:
    user = db.session.get(User, user_id)
    return Named(user.username, user.name) if user else None
