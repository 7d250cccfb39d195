"""What is to be counted: by hand, what nobody has counted for long, and what pickers doubt."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.core.db import db, retried, transaction
from app.core.errors import Invalid
from app.counting import queries
from app.counting.errors import NotAllowed
from app.counting.models import CountTask
from app.counting.services.holding import tell
from app.stock.models import Location

MOST_BINS = 500  # of one request: more is another evening's work


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Counts that were made; of how many more bins there was one already."""

    counts: Sequence[CountTask]
    skipped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Why bins are to be counted, and what in them: a product, or None for all of it."""

    cause: str
    note: str = ""
    product_id: int | None = None


def count_location(location_id: int, *, with_empty: bool = False, note: str = "") -> Made:
    """Have a bin counted, or all bins of a zone or a warehouse.

    `with_empty` also takes those where the books say nothing lies; a single bin is taken
    anyhow.

    Raises:
        Invalid: There is no such bin in use, or there are too many.
        NotAllowed: All of them are being counted already.
    """
    with transaction() as session:
        place = session.get(Location, location_id)
        if place is None or not place.is_active or place.is_blocked:
            raise Invalid("location", "Choose a place that is in use and not blocked.")
        is_bin = place.kind in queries.COUNTABLE
        bins = queries.bins_in(location_id, is_holding=not with_empty and not is_bin)
        found = session.scalars(bins.limit(MOST_BINS + 1)).all()
        return _made(found, Demand(cause="hand", note=note), field="location")


def count_product(product_id: int, *, note: str = "") -> Made:
    """Have a product counted in every bin where it lies.

    Raises:
        Invalid: It lies nowhere, or in too many bins.
        NotAllowed: All of them are being counted already.
    """
    with transaction() as session:
        found = session.scalars(queries.bins_with(product_id).limit(MOST_BINS + 1)).all()
        wish = Demand(cause="hand", note=note, product_id=product_id)
        return _made(found, wish, field="product")


def count_oldest(number: int, *, note: str = "") -> Made:
    """Have the bins counted that nobody has counted for longest.

    Raises:
        Invalid: The number is none between 1 and MOST_BINS, or no bin holds anything.
        NotAllowed: All of them are being counted already.
    """
    if not 1 <= number <= MOST_BINS:
        raise Invalid("number", f"From 1 to {MOST_BINS}.")
    with transaction() as session:
        found = session.scalars(queries.bins_by_age(number)).all()
        return _made(found, Demand(cause="oldest", note=note), field="number")


@retried
def count_doubted(location_id: int, product_id: int, *, cause: str, note: str) -> int | None:
    """Have a product in a bin counted because a picker doubts it; None if it is already.

    It is safe to run twice: there is one open count of the same goods.
    """
    with transaction():
        wish = Demand(cause=cause, note=note, product_id=product_id)
        made, _skipped = _missing([location_id], wish)
    return made[0].id if made else None


def _made(location_ids: Sequence[int], wish: Demand, *, field: str) -> Made:
    if not location_ids:
        raise Invalid(field, "There is no bin in use with goods to count.")
    if len(location_ids) > MOST_BINS:
        raise Invalid(field, f"More than {MOST_BINS} bins: choose a smaller part.")
    made, skipped = _missing(location_ids, wish)
    if not made:
        raise NotAllowed("All of this is being counted already: see the list of counts.")
    return Made(counts=made, skipped=skipped)


def _missing(location_ids: Sequence[int], wish: Demand) -> tuple[list[CountTask], int]:
    """Make the counts that are missing. The bins are held, so that one at a time makes them."""
    bins = select(Location.id).where(Location.id.in_(location_ids)).order_by(Location.id)
    db.session.execute(bins.with_for_update(key_share=True)).all()
    open_now: dict[int, list[CountTask]] = {}
    for task in db.session.scalars(queries.open_at(location_ids)):
        open_now.setdefault(task.location_id, []).append(task)
    wanted = [one for one in location_ids if _is_free(open_now.get(one, []), wish)]
    if wish.product_id is None:
        for location_id in wanted:
            _absorb(open_now.get(location_id, []))
    made = [
        CountTask(location_id=one, product_id=wish.product_id, cause=wish.cause, note=wish.note)
        for one in wanted
    ]
    db.session.flush()  # what was given up before what takes its place
    db.session.add_all(made)
    for task in made:
        tell(task)
    return made, len(location_ids) - len(made)


def _is_free(others: Collection[CountTask], wish: Demand) -> bool:
    """Tell whether a new count would count nothing that an open one does.

    A count of the whole bin takes the place of those of single products that nobody has begun.
    """
    if wish.product_id is not None:
        return all(other.product_id not in (None, wish.product_id) for other in others)
    return all(other.product_id is not None and other.state == "open" for other in others)


def _absorb(others: Collection[CountTask]) -> None:
    """Give up what the count of a whole bin takes the place of."""
    for other in others:
        other.reason = "The whole bin is counted instead."
        other.let_go("cancelled")
        tell(other)
