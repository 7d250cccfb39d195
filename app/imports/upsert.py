"""Records matched by one key: created, updated or left alone, in a handful of statements.

An empty cell, and a column that is not mapped, leave a value as it is. What is already as
the file says is not written at all, so the same file a second time changes nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Numeric,
    Subquery,
    Table,
    Text,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert

from app.core.actors import current_actor
from app.core.audit import AuditEntry
from app.core.bulk import by_index, gathered, let_planner_know
from app.core.codes import look_alike
from app.core.db import Model
from app.imports.definition import Counts
from app.imports.staging import Staging

MOST_TOLD = 100  # new codes that are looked at for letters that look like others
Columns = Mapping[str, ColumnElement[Any]]


class Upsert:
    """Loads staged rows into one table. Subclasses say what their records need beyond that."""

    model: ClassVar[type[Model]]
    key: ClassVar[str]
    required: ClassVar[Mapping[str, str]] = {}  # of a new record: field -> reason without it
    lines: ClassVar[Sequence[type[Model]]] = ()  # what else may be written

    def __init__(self, staging: Staging) -> None:
        self.staging = staging
        self.session = staging.session
        self.rows = staging.rows
        self.table: Table = self.model.__table__  # type: ignore[assignment]

    def normal_key(self) -> ColumnElement[Any]:
        """Write the key of a record in its normal form, as its unique index does."""
        return func.normal_code(self.table.c[self.key])

    # What a subclass may add

    def resolve(self) -> None:
        """Turn names in the file into ids, or refuse their rows."""

    def compare_children(self) -> None:
        """Refuse conflicting lines of a record; mark rows whose lines change."""

    def write_children(self) -> None:
        """Write the lines of the records."""

    def loaded(self) -> Columns:
        """The columns that this file sets, and their values in a staged row."""
        own = [name for name in self.staging.mapped if name in self.table.c]
        return {name: self.rows.c[name] for name in own}

    def defaults(self) -> Mapping[str, Any]:
        """Values of a new record that the database does not know."""
        return {}

    def label(self) -> ColumnElement[str]:
        """What a record is called in its history."""
        return self.table.c.name

    def children(self) -> Mapping[str, ColumnElement[str]]:
        """The lines of a record as its history shows them."""
        return {}

    # The plan

    def __call__(self) -> Counts:
        """Load the rows, or count them in a dry run."""
        self._refuse_missing_keys()
        self.resolve()
        self._match()
        self._refuse_repeated_keys()
        self._refuse_incomplete()
        self._tell_look_alikes()
        left_alone = self._leave_known() if not self.staging.update else 0
        self._compare()
        self.compare_children()
        is_new, is_changed = self.rows.c.is_new, self.rows.c.is_changed
        has_new_lines = self.rows.c.has_new_lines
        counts = Counts(
            created=self.staging.count(is_new),
            updated=self.staging.count(~is_new, is_changed | has_new_lines),
            unchanged=self.staging.count(~is_new, ~is_changed, ~has_new_lines) + left_alone,
        )
        if not self.staging.dry_run:
            self._write()
        return counts

    def _write(self) -> None:
        with by_index(self.session):
            self._remember_before()
        with gathered(self.session, self.model, *self.lines):
            self._upsert()
            self.write_children()
        let_planner_know(self.session, self.staging.count(), self.model, *self.lines)
        with by_index(self.session):
            self._count_versions()
            self._audit()

    @property
    def _label(self) -> str:
        return self.staging.importer.field_named(self.key).label

    @property
    def _has_twins(self) -> bool:
        """Tell whether records may have one key since before that was forbidden."""
        return "twin" in self.table.c

    def _is_same(self) -> ColumnElement[bool]:
        """Tell whether a record has the key of a row, in its normal form."""
        return self.normal_key() == func.normal_code(self.rows.c[self.key])

    def _refuse_missing_keys(self) -> None:
        missing = self.rows.c[self.key].is_(None)
        self.staging.refuse_where(self.key, missing, f"The {self._label} is missing.")

    def _refuse_repeated_keys(self) -> None:
        """A key that came before in the file is an error that names its first row."""
        rows, key = self.rows.c, self.rows.c[self.key]
        same = [func.normal_code(key), rows.target_id]
        first = func.min(rows.row).over(partition_by=same).label("first")
        seen = select(rows.row, key.label("key"), first).subquery()
        reason = f"The same {self._label} is in row " + cast(seen.c.first, Text) + " already."
        field = literal(self.key)
        self.staging.refuse(
            select(seen.c.row, field, seen.c.key, reason).where(seen.c.row != seen.c.first)
        )

    def _match(self) -> None:
        """Find the records that exist, and keep everybody else from changing them."""
        rows, records = self.rows, self.table.c
        known = update(rows).values(target_id=records.id, is_new=False)
        with by_index(self.session):
            if self._has_twins:
                self._match_twins(known)
            self.session.execute(known.where(self._is_same(), rows.c.target_id.is_(None)))
        if not self.staging.dry_run:
            found = select(records.id).where(records.id.in_(select(rows.c.target_id)))
            lock = found.order_by(records.id).with_for_update().subquery()
            self.session.execute(select(func.count()).select_from(lock))

    def _match_twins(self, known: Any) -> None:
        """Of twins a row means the one that is written just so; else nobody knows which."""
        key, records = self.rows.c[self.key], self.table.c
        exact = known.where(self._is_same(), records[self.key] == key)
        self.session.execute(exact)
        twins = select(self.normal_key()).where(records.twin > 0)
        doubtful = func.normal_code(key).in_(twins) & self.rows.c.target_id.is_(None)
        reason = f"Several records have this {self._label}: write it just as one of them does."
        self.staging.refuse_where(self.key, doubtful, reason)

    def _refuse_incomplete(self) -> None:
        for field, reason in self.required.items():
            missing = self.rows.c.is_new & self.rows.c[field].is_(None)
            self.staging.refuse_where(field, missing, reason)

    def _tell_look_alikes(self) -> None:
        """Say which new codes look like another one: full-width letters, Cyrillic ones.

        They are codes of their own (see `app.core.codes`), and people mix them up.
        """
        rows, key = self.rows.c, self.rows.c[self.key]
        is_strange = key.op("!~")("^[ -~]*$")
        new = select(rows.row, key).where(rows.is_new, is_strange).order_by(rows.row)
        looks = {r: (c, look_alike(c)) for r, c in self.session.execute(new.limit(MOST_TOLD))}
        if not looks:
            return
        plain = {one for _code, one in looks.values()}
        in_file = select(func.normal_code(key), key).where(func.normal_code(key).in_(plain))
        here = select(self.normal_key(), self.table.c[self.key])
        here = here.where(self.normal_key().in_(plain))
        known = dict(self.session.execute(in_file).all())
        known |= dict(self.session.execute(here).all())
        self.staging.doubts += [
            f"Row {row}: “{code}” looks like “{known[one]}”, and is another {self._label}."
            for row, (code, one) in looks.items()
            if one in known and known[one] != code
        ]

    def _leave_known(self) -> int:
        """Take out, without a word, the rows whose record exists; give how many."""
        known = self.rows.c.target_id.is_not(None)
        count = self.staging.count(known)
        self.session.execute(self.rows.delete().where(known))
        return count

    def _compare(self) -> None:
        rows, records = self.rows, self.table.c
        differs = or_(
            *[
                wanted.is_not(None) & records[name].is_distinct_from(wanted)
                for name, wanted in self._updated().items()
            ],
            ~true(),
        )
        changed = update(rows).values(is_changed=True)
        self.session.execute(changed.where(rows.c.target_id == records.id, differs))

    def _updated(self) -> Columns:
        return {name: value for name, value in self.loaded().items() if name != self.key}

    def _upsert(self) -> None:
        """Insert what is new or differs; what conflicts is updated, and counts a version."""
        rows, records, loaded = self.rows.c, self.table.c, self.loaded()
        new = {n: value for n, value in self.defaults().items() if n not in loaded}
        kept = {n: records[n] for n in self.required if n not in loaded}  # NOT NULL goes first
        wanted: dict[str, Any] = {
            name: func.coalesce(value, records[name], self._default(name))
            for name, value in loaded.items()
        }
        wanted |= kept | {
            name: literal(value, records[name].type) for name, value in new.items()
        }
        if self._has_twins:
            wanted["twin"] = func.coalesce(records.twin, 0)
        source = (
            select(*[value.label(name) for name, value in wanted.items()])
            .select_from(self.rows.outerjoin(self.table, records.id == rows.target_id))
            .where(rows.is_new | rows.is_changed)
            .order_by(rows.row)
        )
        statement = insert(self.table).from_select(list(wanted), source)
        excluded = {name: statement.excluded[name] for name in self._updated()}
        if not excluded:  # keys alone, and nothing is new without its name
            return
        written = statement.on_conflict_do_update(
            index_elements=[self.normal_key(), *(["twin"] if self._has_twins else [])],
            set_=excluded | {"version": records.version + 1, "updated_at": func.now()},
        )
        # Rows learn their new ids from what was written: to look them up again would read the
        # whole table, if it has grown since its statistics were made.
        made = written.returning(records.id, records[self.key]).cte("made")
        is_same = func.normal_code(made.c[self.key]) == func.normal_code(rows[self.key])
        learnt = update(self.rows).values(target_id=made.c.id).where(rows.is_new, is_same)
        self.session.execute(learnt)

    def _default(self, name: str) -> ColumnElement[Any]:
        """What a new record holds where the file has an empty cell."""
        column = self.table.c[name]
        value = getattr(column.default, "arg", None)
        return literal(self.defaults().get(name, value), column.type)

    def _count_versions(self) -> None:
        """Count a version of the records of which only lines changed."""
        rows, records = self.rows.c, self.table.c
        only_lines = rows.has_new_lines & ~rows.is_changed & ~rows.is_new
        counted = update(self.table).values(version=records.version + 1, updated_at=func.now())
        self.session.execute(counted.where(records.id == rows.target_id, only_lines))

    # The history, as `app.core.audit` writes it for records that are saved one by one

    def _remember_before(self) -> None:
        same = self.rows.c.target_id == self.table.c.id
        before = (
            update(self.rows)
            .values(before=_objects(self._shown()))
            .where(same, self._is_written())
        )
        self.session.execute(before)

    def _is_written(self) -> ColumnElement[bool]:
        rows = self.rows.c
        return rows.is_new | rows.is_changed | rows.has_new_lines

    def _shown(self) -> Columns:
        """Every loaded value of a record, written for people."""
        own = {name: shown(self.table.c[name]) for name in [*self.loaded(), *self.defaults()]}
        return own | {n: func.coalesce(lines, "") for n, lines in self.children().items()}

    def _audit(self) -> None:
        """Write an entry for every record that was created or changed."""
        rows, records, actor = self.rows.c, self.table.c, current_actor()
        now = (
            select(
                records.id,
                self.label().label("label"),
                case((rows.is_new, "created"), else_="changed").label("action"),
                rows.before,
                *[value.label(f"now_{name}") for name, value in self._shown().items()],
                records.version.label("version"),
            )
            .join(self.rows, rows.target_id == records.id)
            .where(self._is_written())
            .order_by(records.id)  # in here, and below: so each value is found once
            .subquery()
        )
        told = (
            select(*[now.c[name] for name in TOLD], *self._told(now))
            .order_by(now.c.id)
            .subquery()
        )
        entries = (
            select(
                literal(self.table.name),
                told.c.id,
                told.c.label,
                told.c.action,
                literal(actor.id, Integer),
                literal(actor.name),
                literal(actor.address, Text),
                told.c.changes,
                told.c.version,
                told.c.held,
            )
            .where(told.c.changes != cast({}, JSONB))
            .order_by(told.c.id)
        )
        self.session.execute(insert(AuditEntry).from_select(ENTRY, entries))

    def _told(self, now: Subquery) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """The changes of a record, and what its fields held before."""
        changes: dict[str, ColumnElement[Any]] = {}
        held: dict[str, ColumnElement[Any]] = {}
        for name in self._shown():
            before = func.coalesce(now.c.before.op("->>")(name), "")
            differs, after = before != now.c[f"now_{name}"], now.c[f"now_{name}"]
            changes[name] = case((differs, func.jsonb_build_array(before, after)))
            held[name] = case((differs, before))
        # Lines are told for people only: what they were exactly is not known.
        fields = {name: value for name, value in held.items() if name not in self.children()}
        was = func.nullif(_objects(fields), cast({}, JSONB))
        is_old = now.c.action == "changed"  # what is new held nothing before
        return _objects(changes).label("changes"), case((is_old, was)).label("held")


TOLD = ("id", "label", "action", "version")
ENTRY = [
    "record_type",
    "record_id",
    "label",
    "action",
    "actor_id",
    "actor",
    "address",
    "changes",
    "version",
    "held",
]


def _objects(values: Columns) -> ColumnElement[Any]:
    """Make a JSON object of each row, without what is NULL."""
    parts = [part for name, value in values.items() for part in (literal(name), value)]
    return func.jsonb_strip_nulls(func.jsonb_build_object(*parts), type_=JSONB)


def shown(value: ColumnElement[Any]) -> ColumnElement[str]:
    """Write a value as `app.core.value_texts` does."""
    if isinstance(value.type, Boolean):
        return case((value, "yes"), else_="no")
    if isinstance(value.type, Numeric):
        value = func.trim_scale(value)
    if isinstance(value.type, JSONB):
        value = func.nullif(cast(value, Text), "{}")
    return func.coalesce(cast(value, Text), "")
