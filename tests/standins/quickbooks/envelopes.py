"""Checks the shape of the answers, and the objects in them against the vendor's schemas."""

from typing import Any

from tests.standins.quickbooks import schemas
from tests.standins.quickbooks.company import ENTITIES

TOKEN = {
    "token_type",
    "access_token",
    "refresh_token",
    "expires_in",
    "x_refresh_token_expires_in",
}
FAULTS = (
    ("Fault", "Error", {"Message", "Detail", "code"}),
    ("fault", "error", {"message", "detail", "code"}),
)
DELETED = {"domain", "status", "Id", "MetaData"}


def problems(path: str, status: int, answer: Any) -> list[str]:
    """What is wrong with an answer to a request of this path."""
    if path.endswith("/tokens/revoke"):
        return []
    if not isinstance(answer, dict):
        return ["the answer is not a JSON object"]
    if path.startswith("/oauth2/"):
        good = answer.keys() >= TOKEN if status == 200 else "error" in answer
        return [] if good else ["the answer lacks what a token's has"]
    if status != 200:
        return fault_problems(answer)
    missing = [] if "time" in answer else ["the answer has no time"]
    return missing + inner_problems(path, answer)


def fault_problems(answer: dict[str, Any]) -> list[str]:
    """What is wrong with an error, which has one of two spellings."""
    for name, errors, fields in FAULTS:
        if isinstance(fault := answer.get(name), dict):
            listed = fault.get(errors)
            is_good = isinstance(listed, list) and all(one.keys() >= fields for one in listed)
            return [] if is_good and listed and "type" in fault else [f"{name} lacks a part"]
    return ["the error has no Fault"]


def inner_problems(path: str, answer: dict[str, Any]) -> list[str]:
    """What is wrong inside a good answer of the API."""
    if path.endswith("/query"):
        return page_problems(answer.get("QueryResponse"))
    if path.endswith("/cdc"):
        return changes_problems(answer)
    found = []
    for name in answer.keys() - {"time"}:
        found += one_problems(name, answer[name])
    return found


def changes_problems(answer: dict[str, Any]) -> list[str]:
    """What is wrong with an answer of change data capture."""
    try:
        pages = answer["CDCResponse"][0]["QueryResponse"]
    except (KeyError, IndexError, TypeError):
        return ["there is no CDCResponse"]
    return [problem for page in pages for problem in page_problems(page)]


def page_problems(page: Any) -> list[str]:
    """What is wrong with one page: a count, nothing, or a list with its place."""
    if not isinstance(page, dict):
        return ["there is no QueryResponse"]
    if not page or set(page) == {"totalCount"}:
        return []
    lists = page.keys() - {"startPosition", "maxResults", "totalCount"}
    if len(lists) != 1 or not page.keys() >= {"startPosition", "maxResults"}:
        return [f"a page has {sorted(page)}"]
    name = lists.pop()
    found = [problem for fields in page[name] for problem in one_problems(name, fields)]
    return found + (["maxResults is off"] if page["maxResults"] != len(page[name]) else [])


def one_problems(name: str, fields: Any) -> list[str]:
    """What is wrong with one object; a deleted one has little to it."""
    if name not in {*ENTITIES, "CompanyInfo"} or not isinstance(fields, dict):
        return [f"{name} is not an object of the vendor's"]
    if fields.get("status") == "Deleted":
        return [] if fields.keys() <= DELETED else [f"a deleted {name} has too much"]
    return schemas.object_problems(name, fields)
