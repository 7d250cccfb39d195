"""Errors in the vendor's shape: a message with placeholders, and what stands in them.

Source: Framework/Webapi/ErrorProcessor and Rest/Response of magento2.
"""

from typing import Any

from flask import Response

from tests.standins.objects import Object, encoded

JSON = "application/json; charset=utf-8"
MISSING = "The entity that was requested doesn't exist. Verify the entity and try again."
NO_ROUTE = "Request does not match any route."
NO_ACCESS = "The consumer isn't authorized to access %resources."
REQUIRED = '"%fieldName" is required. Enter and try again.'
INTERNAL = "Internal Error. Details are available in Magento log file. Report ID: %s"


class Refused(Exception):
    """The request is refused; the client gets this answer."""

    def __init__(self, status: int, message: str, parameters: Any = None, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body: Object = {"message": message} | more
        if parameters:
            self.body["parameters"] = parameters

    @property
    def response(self) -> Response:
        """The answer."""
        return answer(self.body, self.status)


def answer(body: Any, status: int = 200) -> Response:
    """An answer of the API; bytes are JSON already."""
    raw = body if isinstance(body, bytes) else encoded(body)
    return Response(raw, status, content_type=JSON)


def missing() -> Refused:
    """There is no such object."""
    return Refused(404, MISSING)


def no_access(resource: str) -> Refused:
    """Nobody is known who may have this."""
    return Refused(401, NO_ACCESS, {"resources": resource})


def required(field: str) -> Refused:
    """A field is not there."""
    return Refused(400, REQUIRED, {"fieldName": field})


def internal() -> Refused:
    """Something broke in there, for instance the database did not know a column."""
    return Refused(500, INTERNAL % "webapi-65f2a1c0d3b47")
