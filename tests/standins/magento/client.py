"""Asks a stand-in as its integration does, and writes searches for it."""

from typing import Any

import requests

from tests.standins.magento import Magento

TIMEOUT = 5
Group = list[tuple[str, str, str]]  # of (field, condition, value): one of them is enough


class Client:
    """Asks one stand-in as its integration does."""

    def __init__(self, magento: Magento, session: requests.Session) -> None:
        self.base, self.session = f"{magento.url}/rest/V1", session

    def get(self, path: str, query: dict[str, str] | None = None) -> requests.Response:
        return self.session.get(f"{self.base}/{path}", params=query, timeout=TIMEOUT)

    def post(self, path: str, body: Any = None) -> requests.Response:
        return self.session.post(f"{self.base}/{path}", json=body, timeout=TIMEOUT)

    def put(self, path: str, body: Any) -> requests.Response:
        return self.session.put(f"{self.base}/{path}", json=body, timeout=TIMEOUT)

    def items(self, path: str, *groups: Group, **more: str) -> list[Any]:
        """The objects of a page."""
        found: list[Any] = self.get(path, criteria(*groups, **more)).json()["items"]
        return found


def criteria(*groups: Group, **more: str) -> dict[str, str]:
    """Write a search; `more` as page_size="5", current_page="2", sort="entity_id ASC"."""
    query = {"searchCriteria": ""}
    for place, group in enumerate(groups):
        for number, one in enumerate(group):
            head = f"searchCriteria[filter_groups][{place}][filters][{number}]"
            parts = zip(("field", "condition_type", "value"), one, strict=True)
            query |= {f"{head}[{name}]": value for name, value in parts}
    if sort := more.pop("sort", ""):
        field, direction = sort.split()
        query["searchCriteria[sortOrders][0][field]"] = field
        query["searchCriteria[sortOrders][0][direction]"] = direction
    return query | {f"searchCriteria[{name}]": value for name, value in more.items()}
