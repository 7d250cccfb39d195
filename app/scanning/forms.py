"""What a tablet sends."""

from typing import Any
from uuid import UUID, uuid4

from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from app.catalog.scan_codes import LONGEST_SCAN
from app.core.forms import Form


def _without_nul(text: str | None) -> str:
    return (text or "").replace("\0", "").strip(" \t\r\n")


class ActionForm(Form):
    """A tap on a tablet. Its id is made where it is made: sent twice it counts once."""

    id = HiddenField(
        validators=[InputRequired("This page is out of date: open it again.")],
        default=lambda: str(uuid4()),
    )

    def validate_id(self, field: Any) -> None:
        """Take nothing but a UUID."""
        try:
            UUID(field.data)
        except ValueError:
            raise ValidationError("This page is out of date: open it again.") from None

    @property
    def action_id(self) -> UUID:
        """The id of the action."""
        return UUID(self.id.data)


class ScanForm(ActionForm):
    """A code, scanned or typed."""

    code = StringField(
        "Code",
        [InputRequired("Scan or type a code."), Length(max=LONGEST_SCAN)],
        filters=[_without_nul],
    )
