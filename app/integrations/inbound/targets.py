"""What records of outside systems become here: in bulk, or record by record."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from flask import current_app

from app.core.bulk import AT_LEISURE
from app.core.db import db, transaction
from app.integrations.hub.containment import is_of_record, reason_of
from app.integrations.hub.models import Connection
from app.integrations.sync.mirror import Rejection

EXCERPT = 500
IN_BULK = 5000
ONE_BY_ONE = 25  # what is locked together: people wait for no more

Values = dict[str, Any]

log = logging.getLogger(__name__)


class PendingRecord(NamedTuple):
    """A mirrored record that ours do not follow yet: plain, a million of them pass through."""

    id: int
    connection_id: int
    kind: str
    external_id: str
    payload: dict[str, Any]
    changed_at: datetime | None
    gone_at: datetime | None


class IncomingRecord(NamedTuple):
    """An external record as it is written here: our fields by name."""

    external_id: str
    values: Values
    is_gone: bool = False
    changed_at: datetime | None = None


class Outcome(NamedTuple):
    """What became of some records: which do not fit, and which are `left` for the next time."""

    rejected: Sequence[Rejection] = ()
    left: Collection[str] = ()


@dataclass(frozen=True, kw_only=True)
class Target(ABC):
    """Records of one kind become something here. `batch_size` of them are one transaction."""

    kind: str
    batch_size: int = IN_BULK

    @abstractmethod
    def apply(self, connection: Connection, records: Sequence[PendingRecord]) -> Outcome:
        """Let ours follow some records; those that do not fit cost only themselves."""

    def finish(self, connection: Connection) -> None:  # noqa: B027  (most have nothing left)
        """Do what is left when everything that waited has been applied."""

    def connected(self, connection: Connection) -> None:  # noqa: B027  (most stay as they are)
        """Let what came of an account be seen, or not any more: it was connected, or ended."""


@dataclass(frozen=True, kw_only=True)
class BulkTarget(Target):
    """Set-based: the records of a batch are read, and then written all at once.

    `read` gives our fields, None if the record becomes nothing here, or raises Unreadable.
    """

    read: Callable[[Mapping[str, Any]], Values | None]

    def apply(self, connection: Connection, records: Sequence[PendingRecord]) -> Outcome:
        """Read each, write all."""
        db.session.execute(AT_LEISURE)  # after a crash its records wait again
        incoming, rejected = [], []
        for record in records:
            try:
                values = self.read(record.payload)
            except Exception as error:
                if not is_of_record(error):
                    raise
                rejected.append(rejection(record, error))
                continue
            if values is not None:
                incoming.append(_incoming(record, values))
        return Outcome([*rejected, *self._written(connection, incoming)])

    def _written(
        self, connection: Connection, incoming: Sequence[IncomingRecord]
    ) -> Sequence[Rejection]:
        """Write all at once; where that fails, by halves: what is bad costs only itself."""
        if not incoming:
            return ()
        try:
            with transaction():
                return self.write(connection, incoming)
        except Exception as error:
            if not is_of_record(error):
                raise
            if len(incoming) == 1:
                [one] = incoming
                excerpt = str(one.values)[:EXCERPT]
                return [Rejection(one.external_id, reason_of(error), excerpt)]
        middle = len(incoming) // 2
        halves = incoming[:middle], incoming[middle:]
        return [bad for half in halves for bad in self._written(connection, half)]

    @abstractmethod
    def write(
        self, connection: Connection, incoming: Sequence[IncomingRecord]
    ) -> Sequence[Rejection]:
        """Write records; give those that do not fit."""


@dataclass(frozen=True, kw_only=True)
class RecordTarget(Target):
    """Record by record: each is applied by itself, and what cannot be undoes only itself.

    What is plain may be applied together before (`apply_in_bulk`): that is one savepoint, and
    a batch may be larger then. Of the others so many are applied as people can wait for.
    """

    batch_size: int = ONE_BY_ONE

    def apply(self, connection: Connection, records: Sequence[PendingRecord]) -> Outcome:
        """Apply what is plain, and then one after the other."""
        rejected, context = [], self.prepare(connection, records)
        done = self._together(connection, records, context)
        others = [record for record in records if record.external_id not in done]
        for record in others[:ONE_BY_ONE]:
            try:
                with transaction():
                    self.apply_one(connection, record, context)
            except Exception as error:
                if not is_of_record(error):
                    raise
                rejected.append(rejection(record, error))
        return Outcome(rejected, {one.external_id for one in others[ONE_BY_ONE:]})

    def _together(
        self, connection: Connection, records: Sequence[PendingRecord], context: Any
    ) -> Collection[str]:
        """Apply what is plain; if that fails, none of it is, and each shows its own reason."""
        try:
            with transaction():
                return self.apply_in_bulk(connection, records, context)
        except Exception as error:
            if not is_of_record(error):
                raise
            log.warning("Some records are applied one by one", exc_info=error)
            return ()

    def prepare(self, connection: Connection, records: Sequence[PendingRecord]) -> Any:
        """Look up once what all of them need."""

    def apply_in_bulk(
        self,
        connection: Connection,  # noqa: ARG002  (here and below: most apply one by one)
        records: Sequence[PendingRecord],  # noqa: ARG002
        context: Any,  # noqa: ARG002
    ) -> Collection[str]:
        """Let ours follow, with few statements, those records that need nothing special.

        Gives their ids. Whatever it raises is undone, and all are applied one by one.
        """
        return ()

    @abstractmethod
    def apply_one(self, connection: Connection, record: PendingRecord, context: Any) -> None:
        """Let ours follow one record.

        Raises:
            Unreadable: It is not what it should be.
            DomainError: It cannot be followed; the reason says why.
            Exception: Anything else costs this record alone, too.
        """


def targets(system: str) -> Sequence[Target]:
    """What becomes of a system's records, in the order in which they are applied."""
    known: Mapping[str, Sequence[Target]] = current_app.extensions["targets"]
    return known[system]


def rejection(record: PendingRecord, error: Exception) -> Rejection:
    """Say why a record does not fit."""
    return Rejection(record.external_id, reason_of(error), str(record.payload)[:EXCERPT])


def _incoming(record: PendingRecord, values: Values) -> IncomingRecord:
    is_gone = record.gone_at is not None
    return IncomingRecord(record.external_id, values, is_gone, record.changed_at)
