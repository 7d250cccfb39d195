"""The kinds of alerts: each slice declares its own, and whoever raises one names it."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from app.core.slices import slices

Severity = Literal["problem", "warning", "info"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertKind:
    """What alerts of one kind have in common.

    `name` is stable: programs read it. `keys` are those of its alerts, `*` for what differs
    from one cause to another: `connection:*:reconnect`. `permission` is that of putting it
    right; without one each alert says its own. `is_mailed` until an administrator decides
    otherwise. One that `is_dismissible` is put right by hand, too; the others close when what
    they tell is over.
    """

    name: str
    keys: str
    label: str
    permission: str = ""
    severity: Severity = "problem"
    is_mailed: bool = True
    is_dismissible: bool = False

    def covers(self, key: str) -> bool:
        """Tell whether a key is one of this kind."""
        return fnmatchcase(key, self.keys)


def find_kind(name: str) -> AlertKind:
    """Give a declared kind.

    Raises:
        ValueError: No slice declares it.
    """
    kind = slices().alerts.get(name)
    if kind is None:
        raise ValueError(f"No kind of alert is called {name!r}")
    return kind
