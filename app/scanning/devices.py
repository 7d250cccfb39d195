"""Which tablet is asking, so that two of one person are told apart.

A tablet has a cookie of its own: when a session ends, whoever signs in again goes on where the
tablet stopped, and what it holds back still belongs to the task it was scanned for.
"""

import re
from secrets import token_hex

from flask import after_this_request, current_app, g, request
from werkzeug import Response

COOKIE = "tablet"
YEAR = 365 * 24 * 3600  # seconds
_NAME = re.compile(r"[0-9a-f]{16}")


def device() -> str:
    """Give the name of the tablet; one that has none yet gets one.

    It opens nothing: it only tells two tablets of one person apart.
    """
    kept = request.cookies.get(COOKIE, "")
    if _NAME.fullmatch(kept):
        return kept
    if "tablet" not in g:
        g.tablet = token_hex(8)
        after_this_request(_remember)
    return str(g.tablet)


def _remember(response: Response) -> Response:
    response.set_cookie(
        COOKIE,
        g.tablet,
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response
