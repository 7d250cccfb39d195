"""Naming a view, and saying who else may use it."""

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.core.forms import Form, VersionField
from app.core.pages.saved_views.services import LONGEST_NAME
from app.core.permissions import may
from app.core.slices import slices

SHARE = "views.share"
ROLES = "roles"  # the name by which a slice provides them


def _number(text: Any) -> int | None:
    return int(text) if text not in ("", None, "None") else None


class ViewForm(Form):
    """A view's name; the sharing only for those who may share."""

    name = StringField(
        "Name",
        [InputRequired("A view needs a name."), Length(max=LONGEST_NAME)],
    )
    role_id = SelectField("For whom", coerce=_number)
    is_default = BooleanField("The list begins with this view")
    version = VersionField(validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role_id.choices = [("", "Only me"), *roles()]
        if not may(SHARE):
            del self.role_id


def roles() -> Iterable[tuple[int, str]]:
    """Roles that a view may be shared with: accounts stand above, so they provide them."""
    provider = slices().provided.get(ROLES)
    return provider() if provider else []
