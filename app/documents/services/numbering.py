"""Numbers of documents: no two are alike, and nobody waits for another to get one."""

from sqlalchemy import text

from app.core.db import db
from app.documents import queries
from app.documents.models import Document


def next_number(kind: type[Document]) -> str:
    """Give the next number that no file has brought before it came up.

    One that is not used in the end leaves a gap.
    """
    numbering = kind.numbering
    draw = text("SELECT nextval(:sequence)")
    while True:
        drawn = db.session.scalars(draw, {"sequence": numbering.sequence}).one()
        number = numbering.write(drawn)
        if db.session.scalars(queries.with_number(kind, number)).one_or_none() is None:
            return number


def next_numbers(kind: type[Document], count: int) -> list[str]:
    """Give several of them, in two queries."""
    draw = text("SELECT nextval(:sequence) FROM generate_series(1, :count)")
    free: list[str] = []
    while len(free) < count:
        values = {"sequence": kind.numbering.sequence, "count": count - len(free)}
        drawn = [kind.numbering.write(one) for one in db.session.scalars(draw, values)]
        taken = set(db.session.scalars(queries.numbers_among(kind, drawn)))
        free += [number for number in drawn if number not in taken]
    return free


def number_of_part(document: Document) -> str:
    """Give the next number below the first document: SO-000007-1, then SO-000007-2."""
    is_part = document.split_from_id is not None
    root = document.number.rpartition("-")[0] if is_part else document.number
    used = db.session.scalars(queries.numbers_of_parts(type(document), root))
    ends = [end for number in used if (end := number.removeprefix(f"{root}-")).isdecimal()]
    return f"{root}-{max(map(int, ends), default=0) + 1}"
