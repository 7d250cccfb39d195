"""What the logs say: numbers of requests and jobs in every line, and never a secret."""

import logging
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

from flask import Flask, g, has_request_context, request
from pythonjsonlogger.json import JsonFormatter
from werkzeug import Response

HEADER = "X-Request-ID"
SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")
READABLE = "%(asctime)s %(levelname)-7s %(name)s %(message)s"
COMPLETE = "%(asctime)s %(levelname)s %(name)s %(message)s"
QUIET = ("/static/", "/health", "/ready", "/metrics")
CHATTY = ("weasyprint", "weasyprint.progress", "fontTools")  # write a line for each page

# A name that promises a secret, what stands between, and the secret itself. Quotes may be
# escaped: the JSON formatter has been here before.
#
# The text is a stranger's: each part that may repeat before something is sure has a bound, so
# that the time grows as the text does (`tests/laws` holds every pattern to that).
NAMED_SECRET = re.compile(
    r"""((?:password|passwd|secret|token|authorization|api[_-]?key|cookie)[\w-]{0,40}
         \\?["']?\s{0,9}[:=]\s{0,9}\\?["']?(?:bearer\s{1,9}|basic\s{1,9})?)([^\s"'\\,;&}]+)""",
    re.IGNORECASE | re.VERBOSE,
)
HINTS = ("passw", "secret", "token", "auth", "key", "cookie", "bearer", "basic", "://")
BEARER = re.compile(r"\b(bearer|basic)\s{1,9}[\w.~+/=-]{8,}", re.IGNORECASE)
ADDRESS = re.compile(r"(\b\w{1,30}://[^\s:/@]{0,200}:)[^\s@/]+@")

LONGEST_PATH = 500  # characters of an address, of a message, of a traceback
LONGEST_MESSAGE, LONGEST_TRACEBACK = 10_000, 50_000
# Nobody but us begins a line: what breaks one, or moves a terminal's cursor, is written out.
CONTROLS = {
    code: repr(chr(code))[1:-1]
    for code in [*range(32), *range(127, 160), 0x2028, 0x2029]
    if code != 9  # noqa: PLR2004  (a tab)
}
IN_TRACEBACKS = CONTROLS | {10: "\n    "}

access = logging.getLogger("opsroom.access")
_context: ContextVar[dict[str, Any] | None] = ContextVar("log_context", default=None)


def init_app(app: Flask) -> None:
    """Number every request, and write one line about each."""
    if not app.testing:
        configure(app.config["LOG_FORMAT"] or default_style())
    app.before_request(_begin)
    app.after_request(_end)


def configure(style: str) -> None:
    """Write the lines of this process to standard error: `json`, or `text` for people."""
    line = logging.StreamHandler()
    line.setFormatter(Json(COMPLETE) if style == "json" else Text(READABLE))
    line.addFilter(_add_context)
    logging.basicConfig(handlers=[line], level=logging.INFO)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def default_style() -> str:
    """People sit at terminals, machines read everything else."""
    return "text" if sys.stderr.isatty() else "json"


@contextmanager
def log_context(**fields: Any) -> Iterator[None]:
    """Add fields to every line that is written while the block runs."""
    token = _context.set({**(_context.get() or {}), **fields})
    try:
        yield
    finally:
        _context.reset(token)


def current_request_id() -> str | None:
    """Number of the request, or of the one that the running job was asked for by."""
    if has_request_context():
        return g.get("request_id")
    return (_context.get() or {}).get("request_id")


class Json(JsonFormatter):
    """A line is an object, without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record."""
        return redacted(super().format(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802  (their name)
        """Write a traceback that ends somewhere."""
        return shortened(logging.Formatter.formatException(self, ei))


class Text(logging.Formatter):
    """A line is for people, without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record, and which request or job it is about."""
        return redacted(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (their name)
        """Write the message on one line, with its numbers."""
        about = [getattr(record, name, None) for name in ("request_id", "job_id")]
        numbers = " ".join(f"[{number}]" for number in about if number)
        return f"{super().formatMessage(record)} {numbers}".rstrip().translate(CONTROLS)

    def formatException(self, ei: Any) -> str:  # noqa: N802  (their name)
        """Write a traceback, each line of it further in than a line of ours begins."""
        return f"    {shortened(super().formatException(ei)).translate(IN_TRACEBACKS)}"


def shortened(traceback: str) -> str:
    """Keep the end of a traceback, which says most."""
    return traceback[-LONGEST_TRACEBACK:]


def redacted(line: str) -> str:
    """Take out what looks like a secret. Most lines hold none, and looking closely costs."""
    folded = line.lower()
    if not any(hint in folded for hint in HINTS):
        return line
    line = BEARER.sub(r"\1 ***", line)
    line = NAMED_SECRET.sub(r"\1***", line)
    return ADDRESS.sub(r"\1***@", line)


def _add_context(record: logging.LogRecord) -> bool:
    """Give a line its numbers, and an end."""
    message = record.getMessage()
    if len(message) > LONGEST_MESSAGE:
        record.msg, record.args = (
            f"{message[:LONGEST_MESSAGE]}… ({len(message)} characters)",
            (),
        )
    if request_id := current_request_id():
        record.request_id = request_id
    for name, value in (_context.get() or {}).items():
        setattr(record, name, value)
    return True


def _begin() -> None:
    """Take over the number that a proxy has given, if it is one; else make one."""
    given = request.headers.get(HEADER, "")
    g.request_id = given if SANE.fullmatch(given) else uuid4().hex
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers[HEADER] = g.request_id
    if request.path.startswith(QUIET):
        return response
    person = g.get("_login_user")  # asking `current_user` might ask the database
    path = request.path[:LONGEST_PATH]
    milliseconds = round((time.perf_counter() - g.began) * 1000, 1)
    access.info(
        "%s %s %s %s ms",
        request.method,
        path,
        response.status_code,
        milliseconds,
        extra={
            "method": request.method,
            "path": path,
            "status": response.status_code,
            "ms": milliseconds,
            "user_id": person.id if person and person.is_authenticated else None,
            "address": request.remote_addr,
        },
    )
    return response
