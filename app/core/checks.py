"""What services do before they write: rules for single values, and who was faster."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from sqlalchemy.exc import IntegrityError

from app.core.errors import Invalid

UNIQUE_VIOLATION = "23505"  # PostgreSQL, appendix A

Rule = Callable[[Any], Any]  # gives a value as it is kept, or raises a ValueError
P = ParamSpec("P")
R = TypeVar("R")


def needed(rule: Rule) -> Rule:
    """Refuse an empty value, besides what the rule refuses."""

    def check(value: Any) -> Any:
        kept = rule(value or "")
        if not kept:
            raise ValueError("This is needed.")
        return kept

    return check


def checked(changes: Mapping[str, Any], rules: Mapping[str, Rule]) -> dict[str, Any]:
    """Give the values as they are kept.

    Raises:
        Invalid: One does not fit, with its name and the reason.
    """
    return {name: _checked(name, value, rules.get(name)) for name, value in changes.items()}


def _checked(name: str, value: Any, rule: Rule | None) -> Any:
    try:
        return rule(value) if rule else value
    except ValueError as error:
        raise Invalid(name, str(error)) from error


def named_when_taken(service: Callable[P, R]) -> Callable[P, R]:
    """Start a service again that lost a race for a unique value.

    The services look before they write, and name the record that has the value. Between the
    two somebody may be faster; the second look finds and names what they wrote.
    """

    @wraps(service)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return service(*args, **kwargs)
        except IntegrityError as error:
            if getattr(error.orig, "pgcode", None) != UNIQUE_VIOLATION:
                raise
        return service(*args, **kwargs)

    return call
