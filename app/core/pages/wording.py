"""Texts of declared pages: with places for what they are about, or made by a function."""

from collections.abc import Callable
from typing import Any

Text = str | Callable[..., str]


def worded(text: Text, *about: Any) -> str:
    """Write a text: "{0.number} is on hold." takes the number of what it is about first."""
    return text.format(*about) if isinstance(text, str) else text(*about)
