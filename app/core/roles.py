"""The roles there are, for what stands below accounts and names one."""

from collections.abc import Iterable
from typing import Any

from app.core.slices import slices

ROLES = "roles"  # the name by which a slice provides them


def roles() -> Iterable[tuple[int, str]]:
    """Give the id and the name of every role: accounts stand above, so they provide them."""
    provider = slices().provided.get(ROLES)
    return provider() if provider else []


def role_number(text: Any) -> int | None:
    """Read what a field sends that names a role; empty is none."""
    return int(text) if text not in ("", None, "None") else None
