"""What Stripe says when it refuses."""

from flask import Response

from tests.standins.objects import encoded


def refused(status: int, message: str, *, code: str = "", kind: str = "") -> Response:
    """An answer with an error."""
    said = {"message": message, "type": kind or "invalid_request_error"}
    if code:
        said["code"] = code
    response = Response(encoded({"error": said}), status, content_type="application/json")
    response.headers["Request-Id"] = "req_StandIn"
    return response


def missing(kind: str, key: str) -> Response:
    """There is no such object."""
    message = f"No such {kind.replace('_', ' ')}: '{key}'"
    return refused(404, message, code="resource_missing")


def bad_key(key: str) -> Response:
    """The key is none of the account's."""
    return refused(401, f"Invalid API Key provided: {key[:8]}****{key[-4:]}")


def no_right(path: str) -> Response:
    """The key may not do that. Keys are shown with stars, and the right that is missing."""
    right = f"rak_{path.rpartition('/')[2].removesuffix('s')}_read"
    return refused(403, (
        "The provided key 'rk_test_********In' does not have the required permissions for "
        f"this endpoint on account 'acct_1StandIn'. Having the '{right}' permission would "
        "allow this request to continue."
    ))  # fmt: skip
