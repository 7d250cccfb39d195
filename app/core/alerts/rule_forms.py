"""The form of a rule."""

from typing import Any

from wtforms import BooleanField, SelectField

from app.core.forms import Form, VersionField
from app.core.roles import role_number, roles


class AlertRuleForm(Form):
    """Who hears of a kind of alert, and how."""

    version = VersionField()
    role_id = SelectField(
        "Who hears of it",
        coerce=role_number,
        description="A role that is named here alone hears of it, whatever it may do.",
    )
    is_shown = BooleanField("On every page and in the list of alerts")
    is_mailed = BooleanField("By e-mail, once")
    is_sent = BooleanField("By webhook, to endpoints that hear of alerts")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role_id.choices = [("", "Those whose role may put it right"), *roles()]
