"""What a connector says of its system. The hub does everything else.

A connector is small: how to sign in (`auth`), which streams there are, what the requests
are called and what comes back. It never touches the database.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, NamedTuple

from flask import current_app
from requests import PreparedRequest, Response
from requests.auth import AuthBase

from app.integrations.hub.errors import Rejected, Unreadable
from app.integrations.hub.limiter import Rate


class TokenSet(NamedTuple):
    """What lets us in, and until when."""

    access_token: str
    refresh_token: str | None
    expires_at: datetime | None  # None: it does not end
    refresh_expires_at: datetime | None = None
    hard_expires_at: datetime | None = None

    def __repr__(self) -> str:  # it may stand in a traceback
        return "TokenSet(***)"


RAW = bytes  # a shape: what came, byte for byte
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


class Request(NamedTuple):
    """What to ask for: a path under the base address of the environment, and its query.

    `shape` is what msgspec makes of the answer, if it need not all be read (see `decoding`), or
    RAW. `operation` says whose pace it keeps (`Connector.rates`). With `is_elsewhere` the path
    is a whole address, of another host: nothing that lets us in is shown there. `place` comes
    back with the answer, for whoever reads that.
    """

    path: str
    params: Mapping[str, str]
    shape: Any = Any
    operation: str = "read"
    is_elsewhere: bool = False
    place: str = ""


class Write(NamedTuple):
    """What to change there, or to have made: a path under the base address, and a body.

    It is written as `media_type` says: JSON, fields of a FORM, or bytes of any other.
    """

    path: str
    body: Any
    media_type: str = JSON
    operation: str = "write"
    place: str = ""


class Answer(NamedTuple):
    """What came back, as JSON; a figure with a point is a Decimal. `at` is by their clock.

    `headers` are found whatever their case: some systems name the next page there.
    """

    body: Any
    at: datetime | None = None
    headers: Mapping[str, str] = {}
    place: str = ""  # of the request


class Batch(NamedTuple):
    """Records of one kind.

    Records without a key are all there is of a `range`, such as a day: they take the place of
    what was known of it. A page is one range then.
    """

    kind: str
    records: Sequence[Any]
    range: str | None = None


class Page(NamedTuple):
    """One page of a stream. `next` is what to ask for after it; None: this was the last.

    `note` is what people should know of how it came; the log of the sync has it then.
    """

    batch: Batch
    next: str | None
    asked_at: datetime | None = None
    note: str = ""


class Changes(NamedTuple):
    """All that has changed since a moment; `is_truncated`: not all, ask stream by stream."""

    batches: Sequence[Batch]
    asked_at: datetime
    is_truncated: bool


class WebhookNotice(NamedTuple):
    """What a webhook says: that something of an account has changed."""

    event_id: str
    account: str
    kind: str
    external_id: str
    operation: str
    occurred_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Records of one kind. `key` and `changed_at` raise Unreadable; a tombstone `is_gone`.

    The `key` of records that have none is `no_key`: they come by ranges. What is costly to ask
    for is asked for `every` so often at most, whoever wants to know. A `is_whole` stream is
    always read to its end: its records are how things stood when that began.
    """

    kind: str
    label: str
    key: Callable[[Any], str]
    changed_at: Callable[[Any], datetime | None]
    is_gone: Callable[[Any], bool]
    every: timedelta = timedelta(0)
    is_whole: bool = False

    @property
    def is_ranged(self) -> bool:
        """Tell whether its records come by ranges, so that a page says nothing of others."""
        return self.key is no_key


def no_key(_record: Any) -> str:
    """Say that records of a stream have no key."""
    raise Unreadable("It has no key.")


class Bearer(AuthBase):
    """Shows a token to the system (RFC 6750, 2.1)."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Put the token into the head of a request."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Connector(ABC):
    """One outside system.

    `overlap` is how far back changes are asked for once more: records of one moment may
    become visible one by one. With a `has_change_feed` one request tells all changes.
    `rates` are those of operations that have one of their own.
    """

    system: ClassVar[str]
    label: ClassVar[str]
    about: ClassVar[str]
    scopes: ClassVar[str] = ""
    rate: ClassVar[Rate]
    rates: ClassVar[Mapping[str, Rate]] = {}
    streams: ClassVar[Sequence[Stream]]
    overlap: ClassVar[timedelta] = timedelta(minutes=1)
    has_change_feed: ClassVar[bool] = False
    is_urgent: ClassVar[bool] = False  # somebody waits for changes: asked every five minutes
    webhook_header: ClassVar[str] = ""
    ids_at_once: ClassVar[int] = 100  # single records that one request may name
    account_label: ClassVar[str] = "Account"  # what it calls an account of its own
    # Days before what no refreshing prolongs ends, of which people are told.
    warnings: ClassVar[Sequence[int]] = (7, 30)
    takes_writes: ClassVar[bool] = False

    def stream(self, kind: str) -> Stream:
        """Give one of the streams.

        Raises:
            KeyError: There is none of this kind.
        """
        return {stream.kind: stream for stream in self.streams}[kind]

    # Asking

    @abstractmethod
    def base_url(self, environment: str, address: str = "") -> str:
        """Where requests go; `address` is the account's own, where each has one."""

    def authorization(self, token: str) -> AuthBase | None:
        """What proves that a request is ours; without a token, nothing does."""
        return Bearer(token) if token else None

    def rate_of(self, operation: str) -> Rate:
        """At what pace an operation may be asked for."""
        return self.rates.get(operation, self.rate)

    @abstractmethod
    def parse_error(self, response: Response) -> Rejected | None:
        """What the system says is wrong with a request; None if it does not say.

        Raises:
            Throttled: It asks for patience, in another way than by HTTP 429.
        """

    @abstractmethod
    def account_request(self, account: str) -> Request:
        """Ask for the name of the account."""

    @abstractmethod
    def parse_account_name(self, answer: Answer) -> str:
        """The name of the account."""

    @abstractmethod
    def count_request(self, account: str, kind: str) -> Request | None:
        """Ask how many records of a kind there are; None: the system does not count them."""

    @abstractmethod
    def parse_count(self, answer: Answer) -> tuple[int, datetime]:
        """How many there are, and when that was, by their clock."""

    @abstractmethod
    def page_request(
        self, account: str, kind: str, position: str | None, *, since: datetime | None = None
    ) -> Request | Write:
        """Ask for a page: the first, or the one at a position.

        A report is made by a Write, whose answer is a page without records; the next position
        says what to ask about it, and then where it lies (`reports`).
        """

    @abstractmethod
    def parse_page(self, kind: str, position: str | None, answer: Answer) -> Page:
        """The records of a page.

        Raises:
            NotReady: A report is being made; the position is kept until then.
        """

    @abstractmethod
    def ids_request(self, account: str, kind: str, external_ids: Sequence[str]) -> Request:
        """Ask for single records by their ids."""

    # Asking for all changes at once, where the system can tell them

    def changes_request(self, account: str, since: datetime) -> Request | None:
        """Ask for all changes; None: too long ago, everything must be read."""
        raise NotImplementedError(f"{self.label} has no change feed")  # pragma: no cover

    def parse_changes(self, answer: Answer) -> Changes:
        """What has changed."""
        raise NotImplementedError(f"{self.label} has no change feed")  # pragma: no cover

    # Changing something there. A payload is what we have kept of what is to be said

    def lookup_request(self, payload: Mapping[str, Any]) -> Request | None:
        """Ask for what an attempt would have made; None: to say it twice does no harm."""
        raise NotImplementedError(f"{self.label} is only read")  # pragma: no cover

    def parse_lookup(self, payload: Mapping[str, Any], answer: Answer) -> str | None:
        """The number of what the attempt has made; None: it was not heard."""
        raise NotImplementedError(f"{self.label} is only read")  # pragma: no cover

    def write_request(self, payload: Mapping[str, Any]) -> Write:
        """Say it."""
        raise NotImplementedError(f"{self.label} is only read")  # pragma: no cover

    def parse_written(self, payload: Mapping[str, Any], answer: Answer) -> str:
        """The number of what was made; "" if nothing is."""
        raise NotImplementedError(f"{self.label} is only read")  # pragma: no cover

    # Webhooks

    def is_signed_by(self, raw: bytes, signature: str, secret: str) -> bool:
        """Tell whether a webhook is theirs, in constant time."""
        raise NotImplementedError(f"{self.label} sends no webhooks")  # pragma: no cover

    def parse_webhook(self, body: Any) -> Sequence[WebhookNotice]:
        """What a webhook says.

        Raises:
            Unreadable: It is no webhook of theirs.
        """
        raise NotImplementedError(f"{self.label} sends no webhooks")  # pragma: no cover


def connectors() -> Mapping[str, Connector]:
    """Every connector there is, by its system."""
    known: Mapping[str, Connector] = current_app.extensions["connectors"]
    return known


def find_connector(system: str) -> Connector:
    """Give one of the connectors.

    Raises:
        KeyError: There is none.
    """
    return connectors()[system]
