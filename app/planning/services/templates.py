"""The text of a reminder, with words in braces that stand for what differs."""

from collections.abc import Mapping
from string import Formatter

from app.core.errors import Invalid
from app.core.texts import parse_line, parse_text

PLACES = {
    "name": "who it goes to",
    "cycle": "the cycle's month",
    "due": "the day it is due",
    "state": "what state the forecast is in",
    "link": "where to go on",
    "company": "our name",
}
SUBJECT = "Your forecast of {cycle} is due on {due}"
TEXT = """Hello {name},

your forecast of {cycle} is {state}. It is due on {due}. Please look through it and submit it:

{link}

{company}
"""


def check_template(field: str, template: str) -> None:
    """Refuse a text with words in braces that stand for nothing.

    Raises:
        Invalid: It does, or it is empty or too long.
    """
    try:
        (parse_line if field == "reminder_subject" else parse_text)(template)
        named = [
            name for _text, name, _spec, _way in Formatter().parse(template) if name is not None
        ]
    except ValueError as error:
        raise Invalid(field, f"This cannot be read: {error}") from error
    if strange := [name for name in named if name not in PLACES]:
        known = ", ".join(f"{{{name}}}" for name in PLACES)
        raise Invalid(field, f"{{{strange[0]}}} stands for nothing: there are {known}.")
    if not template.strip():
        raise Invalid(field, "Say something.")


def names_link(template: str) -> bool:
    """Tell whether a text has a link in it."""
    return any(name == "link" for _text, name, _spec, _way in Formatter().parse(template))


def written(template: str, words: Mapping[str, str]) -> str:
    """Write a text with what its words in braces stand for."""
    return Formatter().vformat(template, (), words)
