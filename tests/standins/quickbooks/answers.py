"""The vendor's envelopes around objects, counts and errors."""

import uuid

from flask import Response

from tests.standins.objects import Object, encoded
from tests.standins.quickbooks.moments import answer_time

JSON = "application/json;charset=utf-8"
TITLES = {
    "4000": "Error parsing query",
    "4001": "Invalid query",
    "2020": "Required param missing, need to supply the required value for the API",
    "2030": "Invalid ID",
    "610": "Object Not Found",
    "500": "Unsupported Operation",
    "5010": "Stale Object Error",
    "6240": "Duplicate Name Exists Error",
    "2010": "Request has invalid or unsupported property",
}


class Refused(Exception):
    """The request is wrong; the client gets this answer."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def answer(body: bytes, status: int = 200) -> Response:
    """An answer of the API, with the number that the vendor's support asks for."""
    response = Response(body, status, content_type=JSON)
    response.headers["intuit_tid"] = f"1-{uuid.uuid4()}"
    return response


def page(entity: str, raws: list[bytes], start: int, now: float) -> bytes:
    """A page of a query."""
    inner = listed(entity, raws, start) if raws else b"{}"
    return b'{"QueryResponse":%b,"time":"%b"}' % (inner, answer_time(now).encode())


def listed(entity: str, raws: list[bytes], start: int) -> bytes:
    """Objects with their place in the whole."""
    joined = b",".join(raws)
    return b'{"%b":[%b],"startPosition":%d,"maxResults":%d}' % (
        entity.encode(),
        joined,
        start,
        len(raws),
    )


def count(number: int, now: float) -> bytes:
    """The answer to SELECT COUNT(*)."""
    return encoded({"QueryResponse": {"totalCount": number}, "time": answer_time(now)})


def changed(found: list[tuple[str, list[bytes]]], now: float) -> bytes:
    """The answer of change data capture; an entity without changes is an empty object."""
    parts = [listed(entity, raws, 1) if raws else b"{}" for entity, raws in found]
    return b'{"CDCResponse":[{"QueryResponse":[%b]}],"time":"%b"}' % (
        b",".join(parts),
        answer_time(now).encode(),
    )


def one(entity: str, raw: bytes, now: float) -> bytes:
    """One object by itself."""
    return b'{"%b":%b,"time":"%b"}' % (entity.encode(), raw, answer_time(now).encode())


def fault(code: str, detail: str, now: float, kind: str = "ValidationFault") -> bytes:
    """An error in the vendor's usual shape."""
    error = {"Message": TITLES.get(code, "Error"), "Detail": detail, "code": code}
    return encoded({"Fault": {"Error": [error], "type": kind}, "time": answer_time(now)})


def refusal(code: str, detail: str, now: float, status: int = 400) -> Refused:
    """The same, to be raised."""
    return Refused(answer(fault(code, detail, now), status))


def not_allowed(now: float, status: int = 401, code: str = "3200") -> Response:
    """An error in the lower-case shape that bad tokens get."""
    names = {"3200": "AuthenticationFailed", "3100": "ApplicationAuthorizationFailed"}
    message = f"message={names[code]}; errorCode=00{code}; statusCode={status}"
    error = {"message": message, "detail": "Token expired", "code": code, "element": None}
    kind = "AUTHENTICATION" if status == 401 else "AUTHORIZATION"
    empty: Object = dict.fromkeys(
        ("report", "queryResponse", "syncErrorResponse", "requestId", "status")
    )
    lists: Object = {"batchItemResponse": [], "attachableResponse": [], "cdcresponse": []}
    head: Object = {"warnings": None, "intuitObject": None}
    body = head | {"fault": {"error": [error], "type": kind}, "time": int(now * 1000)}
    return answer(encoded(body | empty | lists), status)
