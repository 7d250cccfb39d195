"""What stands at the head of a record's page beside its actions: ways to other pages, menus."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.pages.actions import Action
from app.core.pages.wording import Text, worded
from app.core.permissions import SIGNED_IN, may


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLink:
    """A way from a record to another page, for those who hold the permission."""

    label: Text
    href: Callable[[Any], str]
    permission: str = SIGNED_IN
    kind: str = ""  # primary, danger, quiet
    icon: str = ""
    is_dialog: bool = False  # its page opens over this one
    is_plain: bool = False  # a line of a menu that does not look like a button
    when: Callable[[Any], bool] = lambda _record: True

    def is_offered(self, record: Any) -> bool:
        """Tell whether it is drawn."""
        is_open = self.permission == SIGNED_IN or may(self.permission)
        return is_open and self.when(record)

    def text(self, record: Any) -> str:
        """Write its label."""
        return worded(self.label, record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """Buttons behind one button; without any that is offered it is not drawn."""

    label: str
    items: Sequence[Action | RecordLink]
    icon: str = "more"
    name: str = ""  # shown beside the icon

    def offered(self, record: Any) -> list[Action | RecordLink]:
        """Give what it holds for a record."""
        return [item for item in self.items if item.is_offered(record)]

    def is_offered(self, record: Any) -> bool:
        """Tell whether it is drawn."""
        return bool(self.offered(record))


Button = Action | RecordLink | Menu
