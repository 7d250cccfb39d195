"""Forms of the pages of bills."""

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.core.forms import Form


def _stripped(text: str | None) -> str:
    return (text or "").replace("\0", "").strip()


class MatchForm(Form):
    """Which order of ours a document is about."""

    order = StringField(
        "Purchase order",
        [InputRequired("Which order?"), Length(max=100)],
        filters=[_stripped],
        description="Its number, such as PO-00042.",
    )
