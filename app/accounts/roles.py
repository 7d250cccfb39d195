"""The roles that every installation begins with; the administrator changes them at will.

Which permissions they hold is said beside the permissions: in the `slice.py` of each slice.
"""

from typing import NamedTuple

from app.accounts.models import EVERYTHING
from app.core.slices import slices

ADMIN = "admin"


class BuiltIn(NamedTuple):
    """A role as it is first made."""

    name: str
    description: str

    @property
    def permissions(self) -> list[str]:
        """What the slices give it; `admin` holds everything, also what comes later."""
        if self.name == ADMIN:
            return [EVERYTHING]
        return [one for one, roles in slices().first_holders.items() if self.name in roles]


BUILT_IN = (
    BuiltIn(ADMIN, "Everything, also what later releases add."),
    BuiltIn("manager", "All of the business, but not who may do what."),
    BuiltIn("warehouse", "Sees the goods and moves them."),
    BuiltIn("sales_rep", "Looks after customers and reserves goods for them."),
    BuiltIn("user", "Looks things up."),
)
