"""The form of an e-mail with a document."""

from wtforms import HiddenField, StringField, TextAreaField

from app.catalog.rules import parse_email, parse_line, parse_text
from app.core.forms import Follows, Form


class LetterForm(Form):
    """To whom a paper goes, and with which words."""

    kind = HiddenField()
    recipient = StringField("To", [Follows(parse_email)])
    subject = StringField("Subject", [Follows(parse_line)])
    body = TextAreaField("Text", [Follows(parse_text)])
