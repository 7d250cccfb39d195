"""Who got goods by a document. Stock stands below orders, so it asks by a socket.

A slice provides its part under a name that begins with `recipients:` and ends with the kind
of document that movements name, as a function that gives the recipients of documents by id.
"""

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from app.core.slices import slices

RECIPIENTS = "recipients:"  # what the names begin with by which slices provide it


class Recipient(NamedTuple):
    """A customer who got goods, and the document by which they did."""

    document: str
    customer_id: int | None
    name: str
    email: str = ""
    phone: str = ""
    address: str = ""


Provider = Callable[[Collection[int]], Mapping[int, Recipient]]


def recipients_of(document_type: str | None, ids: Collection[int]) -> Mapping[int, Recipient]:
    """Give who got goods by documents of one kind; nobody where none knows."""
    give: Provider | None = slices().provided.get(f"{RECIPIENTS}{document_type}")
    return give(ids) if give and ids else {}
