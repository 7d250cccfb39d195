"""Reports: made for us, polled, told where they lie, and fetched from there.

Each is of a range, such as a month. Where a report is stands in the position of its stream, so
that a worker that dies asks no system to make it again.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from app.integrations.hub.connector import RAW, Answer, Batch, Page, Request, Write
from app.integrations.hub.decoding import unpacked
from app.integrations.hub.errors import NotReady, NotUnderstood, Rejected

SOONEST, LATEST = timedelta(seconds=30), timedelta(minutes=10)  # between two polls
PATIENCE = timedelta(days=1)  # what is not made by then never is
GOOD_FOR = timedelta(minutes=4)  # addresses of files end after five

MAKING, DONE, NOTHING, FAILED = "making", "done", "nothing", "failed"


class Status(NamedTuple):
    """How far a report is, as it is polled. NOTHING: there is nothing to report."""

    state: str
    document: str = ""
    said: str = ""  # by the system, where it says more


class File(NamedTuple):
    """Where the document of a report lies."""

    url: str


class Place(msgspec.Struct, omit_defaults=True):
    """Where the making of a report is."""

    range: str
    report: str = ""
    begun_at: datetime | None = None
    document: str = ""
    url: str = ""
    told_at: datetime | None = None


class ReportSource(ABC):
    """How a system makes its reports: what the requests are called, what comes back."""

    label: str

    @abstractmethod
    def make_request(self, of: str) -> Write:
        """Have the report of a range made."""

    @abstractmethod
    def status_request(self, report: str) -> Request:
        """Ask how far it is."""

    @abstractmethod
    def document_request(self, document: str) -> Request:
        """Ask where its document lies."""

    @abstractmethod
    def parse_made(self, body: Any) -> str:
        """Give the number of what is being made."""

    @abstractmethod
    def parse_status(self, body: Any) -> Status:
        """Say how far it is."""

    @abstractmethod
    def parse_file(self, body: Any) -> File:
        """Say where it lies."""

    @abstractmethod
    def read(
        self, content: bytes, headers: Mapping[str, str], of: str
    ) -> tuple[Sequence[Any], str]:
        """Give the records of a range, and what people should know of how they came."""

    @abstractmethod
    def next_range(self, of: str) -> str | None:
        """Give the range after one; None: it was the last."""

    def key_of(self, of: str) -> str | None:
        """The range that its records take the place of; None where they have keys."""
        return of


def request(source: ReportSource, place: Place) -> Request | Write:
    """What is to be asked next."""
    if place.url and place.told_at and datetime.now(UTC) - place.told_at < GOOD_FOR:
        return Request(place.url, {}, shape=RAW, is_elsewhere=True)
    if place.document:
        return source.document_request(place.document)
    if place.report:
        return source.status_request(place.report)
    return source.make_request(place.range)


def page(source: ReportSource, kind: str, place: Place, answer: Answer) -> Page:
    """Read what was answered.

    Raises:
        NotReady: It is being made.
        Rejected: It could not be made, or is not made after a day.
        NotUnderstood: The answer is none, or the file is broken.
    """
    if isinstance(answer.body, bytes):
        return _file(source, kind, place, answer)
    if place.document:
        found = source.parse_file(answer.body)
        told = Place(place.range, place.report, place.begun_at, place.document)
        told.url, told.told_at = found.url, datetime.now(UTC)
        return _empty(kind, told, answer)
    if place.report:
        return _polled(source, kind, place, answer)
    begun_at = datetime.now(UTC)
    made = Place(place.range, source.parse_made(answer.body), begun_at)
    return _empty(kind, made, answer)


def _polled(source: ReportSource, kind: str, place: Place, answer: Answer) -> Page:
    status = source.parse_status(answer.body)
    said = f" {status.said}" if status.said else ""
    if status.state == NOTHING:
        after = _after(source, place)
        note = f"nothing is reported of {place.range}.{said} What is known stays as it is"
        return Page(Batch(kind, []), after, answer.at, note)
    if status.state == FAILED:
        raise Rejected(f"The report of {place.range} could not be made.{said}")
    if status.state == DONE:
        place.document = status.document
        return _empty(kind, place, answer)
    age = datetime.now(UTC) - (place.begun_at or datetime.now(UTC))
    if age > PATIENCE:
        raise Rejected(f"The report of {place.range} is not made after a day: it is given up.")
    wait = min(max(age / 4, SOONEST), LATEST)
    raise NotReady(datetime.now(UTC) + wait, f"The report of {place.range} is being made.")


def _file(source: ReportSource, kind: str, place: Place, answer: Answer) -> Page:
    records, note = source.read(unpacked(answer.body), answer.headers, place.range)
    batch = Batch(kind, records, source.key_of(place.range))
    return Page(batch, _after(source, place), answer.at, note)


def _after(source: ReportSource, place: Place) -> str | None:
    of = source.next_range(place.range)
    return None if of is None else written(Place(of))


def _empty(kind: str, place: Place, answer: Answer) -> Page:
    return Page(Batch(kind, []), written(place), answer.at)


def written(place: Place) -> str:
    """Write a position."""
    return msgspec.json.encode(place).decode()


def read_place(position: str) -> Place:
    """Read a position.

    Raises:
        NotUnderstood: It is none.
    """
    try:
        return msgspec.json.decode(position, type=Place)
    except msgspec.DecodeError as error:
        raise NotUnderstood("Where this sync was to go on cannot be read.") from error
