"""What keeps people from using a page is looked for in the light; in the dark, by its colours.

`light-dark()` gives colours alone, so a theme can do no more as long as no rule asks for it.
"""

import re
from pathlib import Path

ASKS = re.compile(r"prefers-color-scheme|\[data-theme[^{]*{([^}]*)}")
CHOICE = re.compile(r"\s*color-scheme: (light|dark);\s*")


def other_uses(sheet: str) -> list[str]:
    """Give what asks for a theme and does more than to choose the one of all colours."""
    return [one[0] for one in ASKS.finditer(sheet) if not CHOICE.fullmatch(one[1] or "")]


def test_no_rule_asks_for_a_theme() -> None:
    sheets = [*Path("static/css").glob("*.css")]

    assert len(sheets) > 20
    assert [use for one in sheets for use in other_uses(one.read_text())] == []


def test_other_uses_of_a_theme_are_found() -> None:
    chosen = ':root[data-theme="dark"] { color-scheme: dark; }'
    hidden = '[data-theme="dark"] .logo { display: none; }'
    asked = "@media (prefers-color-scheme: dark) { .logo { display: none; } }"

    assert other_uses(chosen) == []
    assert other_uses(hidden + asked) == [hidden, "prefers-color-scheme"]
