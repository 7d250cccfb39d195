"""Forms of what reps hand in."""

from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired

from app.core.forms import Follows, Form
from app.core.texts import parse_line


class SubmitForm(Form):
    """Hands a forecast in."""

    accepts_blanks = BooleanField("Blank cells are meant to be blank")


class ReturnForm(Form):
    """Why a forecast is returned."""

    reason = StringField("Reason", [InputRequired("Say why."), Follows(parse_line)])
