"""Two people edit one record: what each changed is kept, and only what both did is asked.

What a record held in a version stands in its history (`app.core.audit`). So a change that is
based on an old version is told apart field by field: what only this person changed is done,
what only others changed stays, and what both changed is a conflict, which the person decides.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, Self

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core.audit.models import AuditEntry
from app.core.db import db
from app.core.errors import DomainError
from app.core.permissions import may_see_field
from app.core.value_texts import HIDDEN, exact, shown

Side = Literal["yours", "theirs"]


class Conflict(NamedTuple):
    """What a field holds now, and what the slower person wanted it to hold."""

    theirs: str
    yours: str


class Opened(int):
    """The version that a form was opened with, and what its person has decided since.

    `decided` says for fields in conflict which side is kept, having seen version `seen`.
    """

    decided: Mapping[str, Side]
    seen: int

    def __new__(cls, version: int, *, decided: Mapping[str, Side], seen: int) -> Self:
        """Make a version that knows more."""
        made = super().__new__(cls, version)
        made.decided, made.seen = decided, seen
        return made


class StaleVersion(DomainError):
    """Others have changed the same fields of the record since it was shown.

    `merged` are the fields that only others have changed, with what they hold now.
    """

    def __init__(
        self,
        conflicts: dict[str, Conflict],
        version: int,
        merged: Mapping[str, Any] | None = None,
        by: Collection[str] = (),
    ) -> None:
        names = [*dict.fromkeys(filter(None, by))] or ["Somebody"]
        have = "has" if len(names) == 1 else "have"
        super().__init__(f"{' and '.join(names)} {have} changed this record meanwhile.")
        self.conflicts = conflicts
        self.version = version
        self.merged = merged or {}

    @property
    def fields(self) -> dict[str, list[str]]:
        """Both values of every field that differs, and the version that it is in now."""
        said = {
            name: [f"It is {theirs or 'empty'} now; you sent {yours or 'nothing'}."]
            for name, (theirs, yours) in self.conflicts.items()
        }
        return said | {"version": [f"It is {self.version} now."]}


class HeldBefore(NamedTuple):
    """What a field held before somebody changed it, exactly, and who that was."""

    held: Any
    by: str = ""


UNKNOWN = object()  # what a field held before nobody can say
Past = Mapping[str, HeldBefore]


class Merged(NamedTuple):
    """What a change comes to: what is left to do, and what stays as others left it."""

    wanted: dict[str, Any]
    kept: dict[str, str]  # by field: who changed it


def merge_changes(
    present: Mapping[str, Any],
    changes: Mapping[str, Any],
    *,
    version: int,
    now: int,
    past: Callable[[int], Past | None],
    secret: Collection[str] = (),
) -> Merged:
    """Tell apart what a person changed and what others did since `version`, field by field.

    `past` gives what others changed since a version, None if that is not known: then all that
    differs is in doubt, as secrets are, of which no history is kept.

    Raises:
        StaleVersion: Both changed the same, and it is not decided which is kept.
    """
    since, decided = past(version), _decided(version, now, past)
    result, conflicts, names = Merged({}, {}), dict[str, Conflict](), []
    for name, value in changes.items():
        is_known = since is not None and name not in secret
        change = (since or {}).get(name) if is_known else HeldBefore(UNKNOWN)
        if exact(value) == exact(present[name]) or change is None:
            result.wanted[name] = value
        elif exact(value) == change.held or decided.get(name) == "theirs":
            result.kept[name] = change.by
        elif decided.get(name) == "yours":
            result.wanted[name] = value
        else:
            is_hidden = name in secret or not may_see_field(name)
            both = (HIDDEN, HIDDEN) if is_hidden else (shown(present[name]), shown(value))
            conflicts[name] = Conflict(*both)
            names.append(change.by)
    if conflicts:
        merged = {name: present[name] for name in result.kept}
        raise StaleVersion(conflicts, now, merged, names)
    return result


def _decided(version: int, now: int, past: Callable[[int], Past | None]) -> Mapping[str, Side]:
    """What was decided counts as long as nobody has changed the field since it was seen."""
    if not isinstance(version, Opened):
        return {}
    since = past(version.seen) if version.seen != now else {}
    if since is None:
        return {}
    return {name: side for name, side in version.decided.items() if name not in since}


def past_of(entries: Sequence[AuditEntry]) -> dict[str, HeldBefore]:
    """Give what each field held before the first of some changes, which are in their order."""
    past: dict[str, HeldBefore] = {}
    for entry in entries:
        held = entry.held or {}
        for name in {*entry.changes, *held}:
            past.setdefault(name, HeldBefore(held.get(name, UNKNOWN), entry.actor))
    return past


class Versioned:
    """Mixin for a record that people edit: `revise` keeps what others changed meanwhile."""

    version: Mapped[int] = mapped_column(default=1, server_default="1", sort_order=2)
    updated_at: Mapped[datetime] = mapped_column(
        server_default=func.now(), onupdate=func.now(), sort_order=2
    )

    def revise(self, *, version: int | None, **changes: Any) -> dict[str, Any]:
        """Change fields of the record as it was in `version`; None means whatever it is.

        Gives what was really changed: what only others have changed since stays.

        Raises:
            StaleVersion: Others have changed the same since, with both values of each.
        """
        wanted = self.merge(version=version, **changes)
        differing = {n: value for n, value in wanted.items() if getattr(self, n) != value}
        for name, value in differing.items():
            setattr(self, name, value)
        if differing:
            self.version += 1
        return differing

    def merge(self, *, version: int | None, **changes: Any) -> dict[str, Any]:
        """Give what is left to do of changes that are based on `version`.

        Without changes it only asks whether the record is as it was.

        Raises:
            StaleVersion: As `revise` does.
        """
        if version is None or version == self.version:
            return changes
        if not changes:
            raise StaleVersion({}, self.version)
        found = merge_changes(
            {name: getattr(self, name) for name in changes},
            changes,
            version=version,
            now=self.version,
            past=self._past,
            secret=getattr(self, "unaudited", ()),
        )
        self.__dict__["_kept"] = found.kept
        return found.wanted

    @property
    def kept_of_others(self) -> Mapping[str, str]:
        """Fields that the last change left as others had changed them, and who that was."""
        kept: Mapping[str, str] = self.__dict__.get("_kept", {})
        return kept

    def _past(self, version: int) -> Past | None:
        """What was changed since a version; None if the history does not tell every change."""
        entries = db.session.scalars(
            select(AuditEntry)
            .where(AuditEntry.record_type == self.__tablename__)  # type: ignore[attr-defined]
            .where(AuditEntry.record_id == self.id)  # type: ignore[attr-defined]
            .where(AuditEntry.version > version)
            .order_by(AuditEntry.id)
        ).all()
        told = {entry.version for entry in entries}
        is_whole = version <= self.version and {*range(version + 1, self.version + 1)} <= told
        return past_of(entries) if is_whole else None
