"""What programs send, read in one place: its type, its size, its depth, its characters."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, NoReturn

import marshmallow as ma
from flask import Request, abort, current_app, g, request
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import MultiDict

from app.core.errors import Invalid

View = Callable[..., Any]

LARGEST_JSON = 5 * 2**20  # bytes: an order of a thousand lines has 200 kB
DEEPEST = 32  # an order's lines are three deep
LARGEST_INTEGER = 2**63 - 1  # what PostgreSQL keeps
FIRST_YEAR, LAST_YEAR = 1000, 9000  # beyond them, zones and sums leave what Python counts
UPLOADS = ("multipart/form-data", "application/x-www-form-urlencoded")

TOO_LARGE = f"At most {LARGEST_JSON // 2**20} MB of JSON."
NOT_JSON = "The body is no JSON."
NOT_AN_OBJECT = "The body is to be a JSON object."
TOO_DEEP = f"The body is nested more than {DEEPEST} deep."
TOO_LARGE_A_NUMBER = "A number in the body is too large."
NOT_SHOWN = "?"  # for a name that cannot be written
NOT_A_CHARACTER = "This holds a character that cannot be kept."


class UnknownParameters(Invalid):
    """The address or the form names what its call does not know."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = sorted(names)
        super().__init__(self.names[0], f"This call knows no {', '.join(self.names)}.")

    @property
    def fields(self) -> dict[str, list[str]]:
        """Each of them."""
        return {name: ["This call does not know it."] for name in self.names}


class BodyParser(FlaskParser):
    """webargs, with bodies that are checked before any schema sees them.

    What an answer shows and a change does not take is left out of the change: a program may
    send back what it got. What neither of them knows is named by the schema.
    """

    DEFAULT_UNKNOWN_BY_LOCATION = {
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": ma.EXCLUDE,  # `check_address` has refused what is unknown
        "form": ma.EXCLUDE,  # `_check_upload` has, and the files are no fields of it
    }

    def _raw_load_json(self, req: Request) -> Any:
        if not req.content_length and "Transfer-Encoding" not in req.headers:
            return {}
        if not req.is_json:
            abort(415, "Send JSON, with Content-Type: application/json.")
        if (req.content_length or 0) > LARGEST_JSON:
            abort(413, TOO_LARGE)
        return parse_json(req.get_data(cache=True))

    def load_form(self, req: Request, schema: ma.Schema) -> Any:
        """Read the fields of an upload; those that the call does not know are named."""
        _check_upload(req)
        return super().load_form(req, schema)

    def load_files(self, req: Request, schema: ma.Schema) -> Any:
        """Read the files of an upload."""
        _check_upload(req)
        return super().load_files(req, schema)

    def parse(self, argmap: Any, req: Request | None = None, **options: Any) -> Any:
        """Read what a schema takes; days are of years that zones and sums can leave."""
        values = super().parse(argmap, req, **options)
        for way, part in _parts(values):
            if isinstance(part, date) and not FIRST_YEAR <= part.year <= LAST_YEAR:
                raise Invalid(".".join(way), f"A day from {FIRST_YEAR} to {LAST_YEAR}.")
        return values

    def pre_load(
        self, location_data: Any, *, schema: ma.Schema, req: Request, location: str
    ) -> Any:
        """Leave out of a change what is read-only; note what services call the fields."""
        g.sent_names = {
            field.attribute or name: field.data_key or name
            for name, field in schema.load_fields.items()
        }
        if location != "json" or req.method != "PUT":
            return location_data
        return without_read_only(location_data, schema, shown(_view()))


def parse_json(content: bytes) -> dict[str, Any]:
    """Read a JSON object as strictly as what is kept of it needs.

    Refuses with 400 what is no JSON, names a key twice, is nested too deeply or holds too large
    a number, and with 422 a field with a character that cannot be kept (NUL, half a surrogate
    pair).
    """
    if len(content) > LARGEST_JSON:
        abort(413, TOO_LARGE)
    try:
        body = json.loads(
            content, object_pairs_hook=_once_each, parse_constant=_no_number, parse_int=_int
        )
    except RecursionError:
        abort(400, TOO_DEEP)
    except ValueError:  # also of bytes that are no UTF-8
        abort(400, NOT_JSON)
    if not isinstance(body, dict):
        abort(400, NOT_AN_OBJECT)
    for way, part in _parts(body):
        if len(way) > DEEPEST:
            abort(400, TOO_DEEP)
        if isinstance(part, str):
            _check_text(".".join(way), part)
    return body


def check_address(view: View) -> None:
    """Refuse an address that asks for what its call does not know, before the call.

    Unknown parameters, and those said twice, are named: 422. An id beyond what the database
    counts names nothing: the door has no route for it.
    """
    values = (request.view_args or {}).values()
    if not all(is_kept(value) for value in values if isinstance(value, str)):
        abort(404)
    _check_texts(request.args)
    known = query_names(view)
    if known is not None:
        refuse_unknown(set(request.args) - known)
    refuse_doubled(request.args)


@cache
def taken(view: View) -> dict[str, ma.Schema]:
    """Give the schemas of what a call takes, by where it takes it: query, json, form, files."""
    parameters = _declared(view, "arguments").get("parameters", ())
    return {one["in"]: _instance(one["schema"]) for one in parameters}


@cache
def shown(view: View) -> ma.Schema | None:
    """Give the schema of what a call answers with, if it has one."""
    for status, answers in _declared(view, "response").get("responses", {}).items():
        for one in answers:
            is_success = str(status).startswith("2") and "schema" in one
            if is_success and not isinstance(one["schema"], dict):
                return _instance(one["schema"])
    return None


@cache
def query_names(view: View) -> frozenset[str] | None:
    """Give what a call takes behind the question mark; None if that is open."""
    written = _declared(view, "manual_doc").get("parameters", ())
    names = {one["name"] for one in written if one["in"] == "query"}
    if schema := taken(view).get("query"):
        if schema.unknown == ma.INCLUDE:
            return None
        names |= {field.data_key or name for name, field in schema.load_fields.items()}
    return frozenset(names)


def _declared(view: View, what: str) -> dict[str, Any]:
    """Read what flask-smorest's decorators have noted on a view."""
    noted: dict[str, Any] = getattr(view, "_apidoc", {}).get(what, {})
    return noted


def _instance(schema: Any) -> ma.Schema:
    made: ma.Schema = schema() if isinstance(schema, type) else schema
    return made


def _view() -> View:
    return current_app.view_functions[request.endpoint or ""]


def refuse_unknown(names: set[str]) -> None:
    """Name what a call does not know."""
    if names:
        raise UnknownParameters(names)


def refuse_doubled(sent: MultiDict[str, Any]) -> None:
    """Name what an address or a form says twice: which of the two is meant, nobody can tell.

    Raises:
        Invalid: The first such parameter.
    """
    for name, values in sent.lists():
        if len(values) > 1:
            raise Invalid(name, "Say it once.")


def without_read_only(body: Any, schema: ma.Schema, answer: ma.Schema | None) -> Any:
    """Leave out what is only shown: fields that are read-only, or that only `answer` has."""
    if not isinstance(body, Mapping):
        return body
    writable = _by_sent_name(schema.load_fields)
    visible = _by_sent_name(schema.dump_fields)
    if answer is not None:
        visible |= _by_sent_name(answer.dump_fields)
    return {
        name: _nested(value, writable[name], visible.get(name)) if name in writable else value
        for name, value in body.items()
        if name in writable or name not in visible
    }


def is_kept(text: str) -> bool:
    """Tell whether PostgreSQL can keep a text: no NUL, no half of a surrogate pair."""
    if text.isascii():
        return "\x00" not in text
    return "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


def _nested(value: Any, field: Any, visible: Any) -> Any:
    if isinstance(field, ma.fields.List) and isinstance(value, list):
        inner = visible.inner if isinstance(visible, ma.fields.List) else None
        return [_nested(one, field.inner, inner) for one in value]
    if isinstance(field, ma.fields.Nested):
        answer = visible.schema if isinstance(visible, ma.fields.Nested) else None
        return without_read_only(value, field.schema, answer)
    return value


def _by_sent_name(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {field.data_key or name: field for name, field in fields.items()}


def _check_upload(req: Request) -> None:
    if req.mimetype not in UPLOADS:
        abort(415, "Send the file as a form, with Content-Type: multipart/form-data.")
    _check_texts(req.form)
    refuse_doubled(req.form)
    refuse_doubled(req.files)
    _check_texts({name: file.filename or "" for name, file in req.files.items()})
    schemas = taken(_view())
    known = {
        field.data_key or name
        for location in ("form", "files")
        if location in schemas
        for name, field in schemas[location].load_fields.items()
    }
    refuse_unknown({*req.form, *req.files} - known)


def _parts(body: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Walk through all values with their ways, and odd keys, without going deep oneself."""
    ahead: list[tuple[tuple[str, ...], Any]] = [((), body)]
    while ahead:
        way, part = ahead.pop()
        yield way, part
        if isinstance(part, dict):
            yield from (((*way, NOT_SHOWN), key) for key in part if not is_kept(key))
            ahead += [((*way, key), one) for key, one in part.items()]
        elif isinstance(part, list):
            ahead += [((*way, str(row)), one) for row, one in enumerate(part)]


def _check_texts(texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        _check_text(NOT_SHOWN, name)
        _check_text(name, text)


def _check_text(way: str, text: str) -> None:
    if not is_kept(text):
        raise Invalid(way, NOT_A_CHARACTER)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) != len(pairs):
        abort(400, "The body names a key twice.")
    return body


def _no_number(_word: str) -> NoReturn:
    abort(400, NOT_JSON)  # NaN and Infinity are no JSON, though Python reads them


def _int(digits: str) -> int:
    if len(digits) > len(str(LARGEST_INTEGER)) + 1 or abs(int(digits)) > LARGEST_INTEGER:
        abort(400, TOO_LARGE_A_NUMBER)
    return int(digits)
