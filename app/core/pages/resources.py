"""What actions and pages are about: records, and how addresses name them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from sqlalchemy import Select

from app.core.web import one_or_404


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A kind of record, and where its pages are.

    `query` makes a Select of what the address names, scoped to what the person asking may
    see, or gives a record that comes from elsewhere; it aborts where there is none.
    """

    name: str  # what templates call it
    area: str  # its blueprint
    query: Callable[..., Any]
    rule: str = ""  # address of one, as Flask writes it: "/<int:order_id>"
    keys: Mapping[str, str] = field(default_factory=dict)  # attributes that stand in the rule
    event: str = ""  # tells open pages that one has changed
    shown_at: str = "show"  # endpoint of its page
    listed_at: str = "index"  # endpoint of the list of all

    @property
    def list_rule(self) -> str:
        """Address of all of them."""
        return self.rule.rpartition("/<")[0] if self.keys else self.rule

    def find(self, *ids: Any, query: Callable[..., Any] | None = None) -> Any:
        """Give the record that an address names; 404 where there is none.

        Another `query` may load more of it.
        """
        found = (query or self.query)(*ids)
        return one_or_404(found) if isinstance(found, Select) else found

    def ids(self, record: Any) -> dict[str, Any]:
        """Give what an address names it by."""
        return {key: getattr(record, name) for key, name in self.keys.items()}

    def href(self, record: Any) -> str:
        """Address of its page; without a record that of all of them."""
        if record is None:
            return url_for(f"{self.area}.{self.listed_at}")
        return url_for(f"{self.area}.{self.shown_at}", **self.ids(record))
