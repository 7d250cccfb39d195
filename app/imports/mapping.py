"""Which column is which of our fields: guessed, remembered, checked."""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.core.db import db, transaction
from app.core.errors import Invalid
from app.imports.definition import Field, Importer
from app.imports.models import ImportMapping

Mapped = Mapping[str, str]  # our field -> their column


def guess_mapping(importer: Importer, columns: Sequence[str]) -> dict[str, str]:
    """Find our fields among the names of columns; earlier aliases go before later ones.

    A column that is called as one of our fields is no other one.
    """
    return _guessed(importer, importer.open_fields, columns)


def left_out(importer: Importer, columns: Sequence[str], mapping: Mapped) -> dict[str, str]:
    """Give what a mapping leaves out because the person asking may not see the fields.

    It is what those who may have chosen the last time, and else what the columns look like.
    """
    closed = _guessed(importer, importer.closed_fields, columns)
    closed |= _of(importer.closed_fields, _kept(importer, columns) or {})
    return {name: column for name, column in closed.items() if column not in mapping.values()}


def _guessed(
    importer: Importer, fields: Sequence[Field], columns: Sequence[str]
) -> dict[str, str]:
    known = {_folded(column): column for column in reversed(columns)}
    labels = {_folded(field.label) for field in importer.fields}
    mapping = {}
    for field in fields:
        label, *others = map(_folded, (field.label, field.name, *field.aliases))
        beside = [
            _folded(one) for one, other in field.beside.items() if _folded(other) in known
        ]
        names = [label, *(name for name in [*others, *beside] if name not in labels)]
        if column := next((known[name] for name in names if name in known), None):
            mapping[field.name] = column
    return mapping


def checked_mapping(
    importer: Importer, columns: Sequence[str], mapping: Mapped
) -> dict[str, str]:
    """Give the mapping with the columns as the file calls them.

    A column may be named by its number, from "1".

    Raises:
        Invalid: A field or a column does not exist, a key field has none, or the person asking
            may not see a field.
    """
    fields = {field.name: field for field in importer.fields}
    exact = {}
    for name, wanted in mapping.items():
        if name not in fields:
            raise Invalid("mapping", f"There is no field “{name}”.")
        if not fields[name].is_open:
            label = fields[name].label
            raise Invalid("mapping", f"You are not allowed to see or set “{label}”.")
        if wanted:
            exact[name] = _column(columns, str(wanted))
    for name in importer.key:
        if name not in exact:
            label = importer.field_named(name).label
            raise Invalid("mapping", f"Choose the column that holds the field “{label}”.")
    return exact


def checked_fixed(importer: Importer, fixed: Mapped) -> dict[str, str]:
    """Give what is said once for all rows, without what is empty.

    Raises:
        Invalid: A field cannot be said so, or what is said does not fit it.
    """
    fields = {field.name: field for field in importer.fixable}
    said = {name: text.strip() for name, text in fixed.items() if text.strip()}
    for name, text in said.items():
        if name not in fields:
            raise Invalid("fixed", f"The field “{name}” cannot be the same for all rows.")
        try:
            fields[name].parse(text)
        except ValueError as error:
            raise Invalid("fixed", f"{fields[name].label}: {error}") from error
    return said


def _column(columns: Sequence[str], wanted: str) -> str:
    known = {_folded(column): column for column in reversed(columns)}
    if wanted in columns:
        return wanted
    if _folded(wanted) in known:
        return known[_folded(wanted)]
    if wanted.isdecimal() and 0 < int(wanted) <= len(columns):
        return columns[int(wanted) - 1]
    raise Invalid("mapping", f"There is no column “{wanted}” in the file.")


def keep_mapping(importer: Importer, columns: Sequence[str], mapping: Mapped) -> None:
    """Offer this mapping the next time a file has these columns.

    What the person asking may not see stays as those chose who may; where nobody has, it is
    what the columns look like.
    """
    before = _kept(importer, columns)
    closed = left_out(importer, columns, mapping)
    if before is not None:
        closed = _of(importer.closed_fields, before)
    kept = {**closed, **mapping}
    row = {"kind": importer.kind, "signature": _signature(columns), "mapping": kept}
    statement = insert(ImportMapping).values(row)
    statement = statement.on_conflict_do_update(
        index_elements=["kind", "signature"], set_={"mapping": statement.excluded.mapping}
    )
    with transaction() as session:
        session.execute(statement)


def known_columns(
    importer: Importer, candidates: Sequence[Sequence[str]]
) -> set[tuple[str, ...]]:
    """Of several rows of names, give those for which a mapping is kept."""
    signed = {_signature(_bare(names)): tuple(names) for names in candidates if any(names)}
    query = select(ImportMapping.signature).where(
        ImportMapping.kind == importer.kind, ImportMapping.signature.in_(signed)
    )
    return {signed[signature] for signature in db.session.scalars(query)}


def _bare(names: Sequence[str]) -> list[str]:
    """Leave out the empty cells at the right, as columns do."""
    bare = [*names]
    while bare and not bare[-1]:
        bare.pop()
    return bare


def kept_mapping(importer: Importer, columns: Sequence[str]) -> dict[str, str] | None:
    """Give what was chosen the last time a file had these columns, of what one may see."""
    mapping = _kept(importer, columns)
    return None if mapping is None else _of(importer.open_fields, mapping)


def _kept(importer: Importer, columns: Sequence[str]) -> dict[str, str] | None:
    query = select(ImportMapping.mapping).where(
        ImportMapping.kind == importer.kind,
        ImportMapping.signature == _signature(columns),
    )
    return db.session.scalars(query).one_or_none()


def _of(fields: Sequence[Field], mapping: Mapped) -> dict[str, str]:
    names = {field.name for field in fields}
    return {name: column for name, column in mapping.items() if name in names}


def _signature(columns: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(map(_folded, columns)).encode()).hexdigest()


def _folded(name: str) -> str:
    """Forget case, accents and punctuation; a name without letters and digits stays."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(filter(str.isalnum, letters)) or name
