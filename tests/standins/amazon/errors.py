"""What Amazon says when it refuses."""

from flask import Response

from tests.standins.objects import encoded


def refused(status: int, code: str, message: str) -> Response:
    """An answer with an error."""
    said = {"errors": [{"code": code, "message": message, "details": ""}]}
    response = Response(encoded(said), status, content_type="application/json")
    response.headers["x-amzn-RequestId"] = "req-standin"
    return response


def sign_in(status: int, code: str, message: str) -> Response:
    """Login with Amazon refuses in words of its own (RFC 6749, 5.2)."""
    said = {"error": code, "error_description": message}
    return Response(encoded(said), status, content_type="application/json")


def bad_token() -> Response:
    """The token is none, or has ended."""
    return refused(403, "Unauthorized", "The access token you provided has expired.")


def no_right() -> Response:
    """A role is missing."""
    return refused(403, "Unauthorized", "Access to requested resource is denied.")
