"""What work on many rows asks of PostgreSQL and Python, and work on a few does not."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.core.db import Model

OTHER_WAYS = ("enable_hashjoin", "enable_mergejoin", "enable_material", "enable_seqscan")
GATHERED = "8MB"  # read by whoever searches meanwhile, which takes some milliseconds
# A crash may lose what was committed last. Only for work that is done again then: what says
# that it is done is lost with it.
AT_LEISURE = text("SET LOCAL synchronous_commit TO off")
# A table that nobody has looked at has no pages here: the planner goes by its width then.
MISJUDGED = text("""
SELECT quote_ident(relname) FROM pg_class
WHERE oid = ANY(CAST(:names AS regclass[])) AND relpages > 0
AND reltuples / relpages * pg_relation_size(oid) / current_setting('block_size')::int < :written
""")
SELDOM = 100_000  # objects that may come before the garbage collector looks at them


@contextmanager
def by_index(session: Session) -> Iterator[None]:
    """Find each of many rows by an index.

    The planner would read the whole table for each part of a long load: it knows how large
    that was before. For the same reason it would go through all links for each row.
    """
    for way in OTHER_WAYS:
        session.execute(text(f"SET LOCAL {way} TO off"))
    yield
    for way in OTHER_WAYS:
        session.execute(text(f"SET LOCAL {way} TO DEFAULT"))


@contextmanager
def gathered(session: Session, *models: type[Model]) -> Iterator[None]:
    """Enter new rows into the search indexes of their models all at once, in the end.

    Each row has some hundred trigrams. Entered every 256 kB, as the list of what is not
    entered yet fills up, they cost three times of all the rest of a row.
    """
    session.execute(text(f"SET LOCAL gin_pending_list_limit TO '{GATHERED}'"))
    yield
    session.execute(text("SET LOCAL gin_pending_list_limit TO DEFAULT"))
    lists = [func.gin_clean_pending_list(name) for name in _search_indexes(*models)]
    if lists:
        session.execute(select(*lists))


def let_planner_know(session: Session, written: int, *models: type[Model]) -> None:
    """Look at tables anew of which the planner believes that they hold less than was written.

    It takes the rows of a page from the last time it looked. Where many rows were taken back
    and few were left, it takes a table of thousands for one of two rows, and goes through all
    that is loaded for each of them.
    """
    names = [model.__tablename__ for model in models]
    wrong = session.scalars(MISJUDGED, {"names": names, "written": written}).all()
    if wrong:  # whoever else looks at them does the same
        session.execute(text(f"ANALYZE (SKIP_LOCKED) {', '.join(wrong)}"))


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let the garbage collector rest while records come and go by the thousand.

    They hold no circles, so it finds nothing; but it goes through all of them again and again.
    """
    before = gc.get_threshold()
    gc.set_threshold(SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _search_indexes(*models: type[Model]) -> list[str]:
    return sorted(
        str(index.name)
        for model in models
        for index in Model.metadata.tables[model.__tablename__].indexes
        if index.dialect_options["postgresql"]["using"] == "gin"
    )
