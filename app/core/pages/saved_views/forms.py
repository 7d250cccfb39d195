"""Naming a view, and saying who else may use it."""

from typing import Any

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.core.forms import Form, VersionField
from app.core.pages.saved_views.services import LONGEST_NAME
from app.core.permissions import may
from app.core.roles import role_number, roles

SHARE = "views.share"


class ViewForm(Form):
    """A view's name; the sharing only for those who may share."""

    name = StringField(
        "Name",
        [InputRequired("A view needs a name."), Length(max=LONGEST_NAME)],
    )
    role_id = SelectField("For whom", coerce=role_number)
    is_default = BooleanField("The list begins with this view")
    version = VersionField(validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role_id.choices = [("", "Only me"), *roles()]
        if not may(SHARE):
            del self.role_id
