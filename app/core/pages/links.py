"""Links of a list's page, and what it says when it is empty."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import url_for

from app.core.permissions import SIGNED_IN, may


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A way from a list to another page, for those who hold the permission."""

    label: str
    endpoint: str
    permission: str = SIGNED_IN
    values: Mapping[str, Any] = field(default_factory=dict)
    kind: str = ""  # of the button: primary, quiet
    icon: str = ""
    is_dialog: bool = False  # its page opens over the list

    @property
    def is_open(self) -> bool:
        """Tell whether the person asking may go there."""
        return self.permission == SIGNED_IN or may(self.permission)

    def href(self, **more: Any) -> str:
        """Give the address."""
        return url_for(self.endpoint, **self.values, **more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """What an empty list says: what is so, and what to do next."""

    title: str
    advice: str
    icon: str = ""
    link: Link | None = None
    action: str = ""  # of a search that finds nothing: what its way out is called
