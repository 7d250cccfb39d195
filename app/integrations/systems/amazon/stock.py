"""What lies in Amazon's warehouses: read to its end each time, followed by tokens."""

from typing import Any

from app.integrations.hub.connector import Answer, Batch, Page, Request
from app.integrations.systems.amazon import addresses, answers

KIND = "stock"
PATH = "/fba/inventory/v1/summaries"


def request(account: str, position: str | None) -> Request:
    """Ask for a page; a token is repeated together with all else."""
    marketplace = addresses.marketplace_of(account)
    params = {
        "details": "true", "granularityType": "Marketplace", "granularityId": marketplace,
        "marketplaceIds": marketplace,
    }  # fmt: skip
    if position is not None:
        params["nextToken"] = position
    return Request(PATH, params, operation="getInventorySummaries")


def page(position: str | None, answer: Answer) -> Page:  # noqa: ARG001  (the hub compares it)
    """Read a page.

    Raises:
        NotUnderstood: It has no envelope.
    """
    found = answers.payload(answer.body)
    listed = answers.rows(found, "inventorySummaries")
    pages = answer.body.get("pagination")
    return Page(Batch(KIND, listed), answers.token(pages), answer.at)


def key(record: Any) -> str:
    """Give what a record is known by: one SKU may lie there under several labels.

    Raises:
        Unreadable: It has none.
    """
    return answers.key(record, ("sellerSku", "fnSku"))
