"""What a request of ours asks of the database, written down so that the limit asks the same.

The request is made twice, for two different records. A parameter that both times came from
the request or from a row of an earlier statement becomes a reference to that; a text that
differed otherwise is a key, made anew each time; all else stays as it was.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import reduce
from operator import getitem
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import Engine, event

SMALLEST_ID = 1000  # below that a number may be anything
Origins = dict[Any, list[Any]]

Values = dict[str, Any]  # what a request names
Rows = dict[int, Any]  # the first row of each statement so far
Parameter = Callable[[Values, Rows], Any]


class Step(NamedTuple):
    """A statement with its parameters and the first row it gave; or a commit."""

    sql: str
    parameters: Any = None
    row: tuple[Any, ...] | None = None


COMMIT = "COMMIT"


@contextmanager
def recording(engine: Engine) -> Iterator[list[Step]]:
    """Collect what an engine is asked inside the block."""
    steps: list[Step] = []

    def statement(_c: Any, cursor: Any, sql: str, parameters: Any, *_rest: Any) -> None:
        row = None
        if cursor.description and cursor.rowcount:
            row = cursor.fetchone()
            cursor.scroll(0, mode="absolute")
        steps.append(Step(sql, parameters, row))

    def commit(_connection: Any) -> None:
        steps.append(Step(COMMIT))

    hooks: dict[str, Callable[..., Any]] = {
        "after_cursor_execute": statement,
        "commit": commit,
    }
    for name, hook in hooks.items():
        event.listen(engine, name, hook)
    try:
        yield steps
    finally:
        for name, hook in hooks.items():
            event.remove(engine, name, hook)


def script(
    first: tuple[Mapping[str, int], list[Step]], second: tuple[Mapping[str, int], list[Step]]
) -> list[list[Any]]:
    """Turn two recordings, each with what its request named, into steps for any request.

    Raises:
        ValueError: The two requests did not do the same.
    """
    (asked, steps), (other_asked, other_steps) = first, second
    if [step.sql for step in steps] != [step.sql for step in other_steps]:
        raise ValueError("Two requests alike did not send the same statements.")
    origins = _asked(asked), _asked(other_asked)
    lines = []
    for number, (step, other) in enumerate(zip(steps, other_steps, strict=True)):
        lines.append([step.sql, _reference(step.parameters, other.parameters, origins)])
        for known, row in zip(origins, (step.row, other.row), strict=True):
            for value, place in _places(row or (), ["row", number]):
                known.setdefault(value, place)
    return lines


def _places(value: Any, place: list[Any]) -> Iterator[tuple[Any, list[Any]]]:
    """Say where each single value of a row stands, also within an array or a JSON value."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _places(part, [*place, name])
    elif isinstance(value, list | tuple):
        for number, part in enumerate(value):
            yield from _places(part, [*place, number])
    else:
        yield value, place


def _asked(values: Mapping[str, int]) -> Origins:
    return {value: ["asked", name] for name, value in values.items()}


def _reference(value: Any, other: Any, origins: tuple[Origins, Origins]) -> Any:
    """Say where a parameter came from: `asked`, `row`, `key`, `list`, `map` or a constant."""
    if isinstance(value, dict):
        return ["map", {k: _reference(v, other[k], origins) for k, v in value.items()}]
    if isinstance(value, list | tuple) and len(value) == len(other):
        pairs = zip(value, other, strict=True)
        return ["list", [_reference(mine, its, origins) for mine, its in pairs]]
    if isinstance(value, int) and value >= SMALLEST_ID and value in origins[0]:
        origin = origins[0][value]
        if origin == origins[1].get(other):
            return origin
    if isinstance(value, str) and value != other and not value.startswith(("{", "[")):
        return ["key"]
    return ["constant", value]


def compiled(reference: list[Any]) -> Parameter:
    """Turn a reference of the recording into a function, once."""
    kind, *rest = reference
    if kind == "asked":
        return lambda asked, _rows: asked[rest[0]]
    if kind == "row":
        return lambda _asked, rows: reduce(getitem, rest, rows)
    if kind == "key":
        return lambda _asked, _rows: uuid4().hex
    if kind == "map":
        parts = {name: compiled(part) for name, part in rest[0].items()}
        return lambda asked, rows: {name: part(asked, rows) for name, part in parts.items()}
    if kind == "list":
        items = [compiled(part) for part in rest[0]]
        return lambda asked, rows: [item(asked, rows) for item in items]
    return lambda _asked, _rows: rest[0]
