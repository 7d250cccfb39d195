"""Which column is which of our fields: guessed, remembered, checked."""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.core.db import db, transaction
from app.core.errors import Invalid
from app.imports.definition import Importer
from app.imports.models import ImportMapping

Mapped = Mapping[str, str]  # our field -> their column


def guess_mapping(importer: Importer, columns: Sequence[str]) -> dict[str, str]:
    """Find our fields among the names of columns; earlier aliases go before later ones.

    A column that is called as one of our fields is no other one.
    """
    known = {_folded(column): column for column in reversed(columns)}
    labels = {_folded(field.label) for field in importer.fields}
    mapping = {}
    for field in importer.open_fields:
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
        Invalid: A field or a column does not exist, or a key field has none.
    """
    fields = {field.name for field in importer.open_fields}
    exact = {}
    for name, wanted in mapping.items():
        if name not in fields:
            raise Invalid("mapping", f"There is no field “{name}”.")
        if wanted:
            exact[name] = _column(columns, str(wanted))
    for name in importer.key:
        if name not in exact:
            label = importer.field_named(name).label
            raise Invalid("mapping", f"Choose the column that holds the field “{label}”.")
    return exact


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
    """Offer this mapping the next time a file has these columns."""
    row = {"kind": importer.kind, "signature": _signature(columns), "mapping": dict(mapping)}
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
    """Give what was chosen the last time a file had these columns."""
    query = select(ImportMapping.mapping).where(
        ImportMapping.kind == importer.kind,
        ImportMapping.signature == _signature(columns),
    )
    mapping = db.session.scalars(query).one_or_none()
    known = {field.name for field in importer.open_fields}
    return None if mapping is None else {f: c for f, c in mapping.items() if f in known}


def _signature(columns: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(map(_folded, columns)).encode()).hexdigest()


def _folded(name: str) -> str:
    """Forget case, accents and punctuation; a name without letters and digits stays."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(filter(str.isalnum, letters)) or name
