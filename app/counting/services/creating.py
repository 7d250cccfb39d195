"""What is to be counted: by hand, what nobody has counted for long, and what pickers doubt."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Select, select

from app.core.db import db, retried, transaction
from app.core.errors import Invalid, InvalidRow
from app.counting import queries
from app.counting.errors import NotAllowed
from app.counting.models import CountTask
from app.counting.services.locking import publish_change
from app.stock.models import Location

MOST_BINS = 500  # of one request: more is another evening's work


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedCounts:
    """Counts that were made; of how many more bins there was one already."""

    counts: Sequence[CountTask]
    skipped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRequest:
    """Why bins are to be counted, and what in them: a product, or None for all of it."""

    cause: str
    note: str = ""
    product_id: int | None = None


class WantedCount(NamedTuple):
    """A bin or a zone, a product wherever it lies, or only that product there."""

    location_id: int | None = None
    product_id: int | None = None


def count_location(
    location_id: int, *, with_empty: bool = False, note: str = ""
) -> CreatedCounts:
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
        return _create(found, CountRequest(cause="hand", note=note), field="location")


def count_product(product_id: int, *, note: str = "") -> CreatedCounts:
    """Have a product counted in every bin where it lies.

    Raises:
        Invalid: It lies nowhere, or in too many bins.
        NotAllowed: All of them are being counted already.
    """
    with transaction() as session:
        found = session.scalars(queries.bins_with(product_id).limit(MOST_BINS + 1)).all()
        wanted = CountRequest(cause="hand", note=note, product_id=product_id)
        return _create(found, wanted, field="product")


@retried
def count_lines(wanted: Sequence[WantedCount], *, note: str = "") -> CreatedCounts:
    """Have several bins, zones and products counted at once: all of them, or none.

    Raises:
        Invalid: There are none.
        InvalidRow: A line has no bin in use, or there are too many.
        NotAllowed: All of it is being counted already.
    """
    if not wanted:
        raise Invalid("lines", "Say what is to be counted.")
    made: list[CountTask] = []
    asked = 0
    with transaction():
        for row, one in enumerate(wanted):
            named = "sku" if one.location_id is None else "location"
            found = db.session.scalars(_bins_of(one).limit(MOST_BINS + 1)).all()
            asked += len(found)
            if not found:
                reason = "there is no bin in use to count."
                raise InvalidRow("lines", row, named, reason)
            if asked > MOST_BINS:
                reason = f"more than {MOST_BINS} bins: choose less."
                raise InvalidRow("lines", row, named, reason)
            request = CountRequest(cause="hand", note=note, product_id=one.product_id)
            made += create_missing(found, request)[0]
        if not made:
            raise NotAllowed("All of this is being counted already: see the list of counts.")
    return CreatedCounts(counts=made, skipped=asked - len(made))


def _bins_of(wanted: WantedCount) -> Select[int]:
    if wanted.location_id is None:
        return queries.bins_with(wanted.product_id or 0)
    place = db.session.get(Location, wanted.location_id)
    is_bin = place is not None and place.kind in queries.COUNTABLE
    if wanted.product_id is None or is_bin:
        return queries.bins_in(wanted.location_id, is_holding=not is_bin)
    inside = queries.bins_in(wanted.location_id, is_holding=True).order_by(None)
    return queries.bins_with(wanted.product_id).where(Location.id.in_(inside))


def count_oldest(number: int, *, note: str = "") -> CreatedCounts:
    """Have the bins counted that nobody has counted for longest.

    Raises:
        Invalid: The number is none between 1 and MOST_BINS, or no bin holds anything.
        NotAllowed: All of them are being counted already.
    """
    if not 1 <= number <= MOST_BINS:
        raise Invalid("number", f"From 1 to {MOST_BINS}.")
    with transaction() as session:
        found = session.scalars(queries.bins_by_age(number)).all()
        return _create(found, CountRequest(cause="oldest", note=note), field="number")


@retried
def count_discrepancy(
    location_id: int, product_id: int, *, cause: str, note: str
) -> int | None:
    """Have a product in a bin counted because a picker doubts it; None if it is already.

    It is safe to run twice: there is one open count of the same goods.
    """
    with transaction():
        wanted = CountRequest(cause=cause, note=note, product_id=product_id)
        made, _skipped = create_missing([location_id], wanted)
    return made[0].id if made else None


def _create(location_ids: Sequence[int], wanted: CountRequest, *, field: str) -> CreatedCounts:
    if not location_ids:
        raise Invalid(field, "There is no bin in use with goods to count.")
    if len(location_ids) > MOST_BINS:
        raise Invalid(field, f"More than {MOST_BINS} bins: choose a smaller part.")
    made, skipped = create_missing(location_ids, wanted)
    if not made:
        raise NotAllowed("All of this is being counted already: see the list of counts.")
    return CreatedCounts(counts=made, skipped=skipped)


def create_missing(
    location_ids: Sequence[int], wanted: CountRequest
) -> tuple[list[CountTask], int]:
    """Make the counts that are missing, and say of how many bins there is one already.

    The bins are held, so that one at a time makes them.
    """
    bins = select(Location.id).where(Location.id.in_(location_ids)).order_by(Location.id)
    db.session.execute(bins.with_for_update(key_share=True)).all()
    open_now: dict[int, list[CountTask]] = {}
    for task in db.session.scalars(queries.open_at(location_ids)):
        open_now.setdefault(task.location_id, []).append(task)
    missing = [one for one in location_ids if _is_free(open_now.get(one, []), wanted)]
    if wanted.product_id is None:
        for location_id in missing:
            _supersede(open_now.get(location_id, []))
    made = [
        CountTask(
            location_id=one, product_id=wanted.product_id, cause=wanted.cause, note=wanted.note
        )
        for one in missing
    ]
    db.session.flush()  # what was given up before what takes its place
    db.session.add_all(made)
    for task in made:
        publish_change(task)
    return made, len(location_ids) - len(made)


def _is_free(others: Collection[CountTask], wanted: CountRequest) -> bool:
    """Tell whether a new count would count nothing that an open one does.

    A count of the whole bin takes the place of those of single products that nobody has begun.
    """
    if wanted.product_id is not None:
        return all(other.product_id not in (None, wanted.product_id) for other in others)
    return all(other.product_id is not None and other.state == "open" for other in others)


def _supersede(others: Collection[CountTask]) -> None:
    """Give up what the count of a whole bin takes the place of."""
    for other in others:
        other.reason = "The whole bin is counted instead."
        other.unassign("cancelled")
        publish_change(other)
