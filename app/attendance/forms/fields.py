"""Fields that several forms of attendance have."""

from typing import Any

from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from app.attendance.rules import parse_minutes
from app.core.checks import Rule
from app.core.forms import Follows
from app.core.texts import parse_line

MINUTES_A_WEEK = 7 * 24 * 60


def text_field(
    label: str, rule: Rule = parse_line, *, is_needed: bool = False, **more: Any
) -> Any:
    """Make a field for a line of text."""
    needed = [InputRequired("This is needed.")] if is_needed else []
    return StringField(label, [*needed, Follows(rule)], **more)


def minutes_field(
    label: str, *, most: int = MINUTES_A_WEEK, least: int = 1, **more: Any
) -> Any:
    """Make a field for minutes; empty is None."""
    return IntegerField(label, [Optional(), NumberRange(least, most)], **more)


def clock_field(label: str, *, is_needed: bool = False, **more: Any) -> Any:
    """Make a field for hours and minutes: 1:30. Its value is minutes; empty is None."""
    needed = [InputRequired("This is needed.")] if is_needed else []
    return StringField(label, [*needed, Follows(parse_minutes)], **more)


def needed_minutes_field(label: str, *, most: int = MINUTES_A_WEEK, **more: Any) -> Any:
    """Make a field for minutes that is never empty."""
    checks = [InputRequired("This is needed."), NumberRange(0, most)]
    return IntegerField(label, checks, **more)


def percent_field(label: str, *, least: int, **more: Any) -> Any:
    """Make a field for a percentage."""
    checks = [InputRequired("This is needed."), NumberRange(least, 1000)]
    return IntegerField(label, checks, **more)
