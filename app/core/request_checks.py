"""What no page should have to think of: checked once, for all of them.

Text that PostgreSQL cannot hold (NUL, halves of a surrogate pair), numbers of thousands of
digits, ids that no row can have, more than a stranger need ever send. What is refused here is
malformed: 400, or 413 where it is too much. Calls for programs have `api_body` for their
content, which names the field.
"""

import re
from collections.abc import Iterable

from flask import Flask, abort, request
from flask_login import current_user
from werkzeug.routing import IntegerConverter, ValidationError

from app.core.api_body import LARGEST_INTEGER, UPLOADS, is_kept

STRANGER = 128 * 1024  # bytes of a body from somebody we do not know: forms, webhooks
LONGEST_NUMBER = 1000  # digits: no code has so many, and int() takes its time for more
DIGITS = re.compile(f"[0-9]{{{LONGEST_NUMBER}}}")

NO_TEXT = "A value holds characters that are no text."
TOO_LONG_A_NUMBER = f"A number has {LONGEST_NUMBER} digits or more."
TOO_MUCH = f"More than {STRANGER // 1024} kB are for those who have signed in."


class Id(IntegerConverter):
    """A number in an address; one that no row can have is no page."""

    def to_python(self, value: str) -> int:
        """Read it."""
        if len(value) > len(str(LARGEST_INTEGER)) or int(value) > LARGEST_INTEGER:
            raise ValidationError
        return int(super().to_python(value))


def init_app(app: Flask) -> None:
    """Stand at the door: after who is asking is known, before anybody reads."""
    app.url_map.converters["int"] = Id
    app.before_request(check)


def check() -> None:
    """Look at what came with a request, before a view does.

    Raises:
        BadRequest, RequestEntityTooLarge: It cannot be meant so.
    """
    _limit_strangers()
    if request.path.startswith("/api/"):
        return
    _look_at([request.path])
    _look_at_all(request.args.items(multi=True))
    if request.mimetype in UPLOADS:
        _look_at_all(request.form.items(multi=True))
        files = request.files.items(multi=True)
        _look_at_all((name, file.filename or "") for name, file in files)


def _limit_strangers() -> None:
    """Refuse a large body before it is read, and one of unknown length while it is."""
    length = request.content_length
    if length is None and "Transfer-Encoding" not in request.headers:
        return  # no body: whose it is need not be asked
    if (length is None or length > STRANGER) and not current_user.is_authenticated:
        request.max_content_length = STRANGER
        if length is not None:
            abort(413, TOO_MUCH)


def _look_at_all(pairs: Iterable[tuple[str, str]]) -> None:
    for pair in pairs:
        _look_at(pair)


def _look_at(texts: Iterable[str]) -> None:
    for text in texts:
        if not is_kept(text):
            abort(400, NO_TEXT)
        if len(text) >= LONGEST_NUMBER and DIGITS.search(text):
            abort(400, TOO_LONG_A_NUMBER)
