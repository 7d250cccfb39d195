"""What pages and programs may ask of accuracy, and how that is read."""

from collections.abc import Iterable
from functools import partial

from sqlalchemy import select

from app.accounts.models import User
from app.core.db import db
from app.core.pages import Asked, Choice, Day, Reference, Segments, Text
from app.core.permissions import may
from app.planning import queries
from app.planning.access import MANAGE, own_only
from app.planning.models import LONGEST_HORIZON, Cycle
from app.planning.months import months_after
from app.planning.services.accuracy import LEVELS, ROWS, SAID, Wanted, last_measured

USUAL_ROWS, USUAL_SAID, USUAL_LEVEL = "month", "consensus", "row"
MONTHS = 12  # without a period, so many


def _cycles() -> Iterable[tuple[str, str]]:
    opened = queries.cycles(rep_id=own_only()).where(Cycle.status != "draft")
    found = db.session.scalars(opened.order_by(Cycle.month.desc()))
    return [(str(cycle.id), str(cycle)) for cycle in found]


def _cycle_name(cycle_id: int) -> str:
    cycle = db.session.get(Cycle, cycle_id)
    return str(cycle) if cycle else ""


def _reps() -> Iterable[tuple[str, str]]:
    found = db.session.execute(queries.who_took_part())
    return [(str(number), name) for number, name in found]


def _rep_name(user_id: int) -> str:
    return db.session.scalar(select(User.name).where(User.id == user_id)) or ""


def _ahead(months: int) -> str:
    return f"{months} month ahead" if months == 1 else f"{months} months ahead"


def _besides(options: dict[str, str], usual: str) -> dict[str, str]:
    return {name: label for name, label in options.items() if name != usual}


FILTERS = (
    Choice(
        name="rows",
        label="Rows",
        options={
            name: f"By {label.lower()}" for name, label in _besides(ROWS, USUAL_ROWS).items()
        },
        everything=f"By {ROWS[USUAL_ROWS].lower()}",
        usual=USUAL_ROWS,
        chip="",
    ),
    Choice(
        name="lag",
        label="How far ahead",
        options={str(lag): _ahead(lag) for lag in range(2, LONGEST_HORIZON + 1)},
        everything=_ahead(1),
        usual="1",
        parse=int,
        chip="",
    ),
    Segments(
        name="said",
        label="What is measured",
        options=_besides(SAID, USUAL_SAID),
        everything=SAID[USUAL_SAID],
        usual=USUAL_SAID,
        chip="",
    ),
    Choice(
        name="level",
        label="Errors of",
        options=_besides(LEVELS, USUAL_LEVEL),
        everything=LEVELS[USUAL_LEVEL],
        usual=USUAL_LEVEL,
        chip="",
    ),
    Day(name="from", label="From"),
    Day(name="to", label="To"),
    Reference(
        name="cycle",
        label="Cycle",
        options=_cycles,
        everything="All cycles",
        shows=_cycle_name,
        chip="Cycle {}",
    ),
    Reference(
        name="rep",
        label="Rep",
        options=_reps,
        everything="All reps",
        shows=_rep_name,
        is_open=partial(may, MANAGE),
    ),
    Text(name="customer", label="Customer code", chip="Customer {}"),
    Text(name="product", label="SKU", chip="SKU {}"),
)


def wanted_of(asked: Asked) -> Wanted:
    """Make what was asked for complete: without a period it is the last twelve months.

    Who plans nothing is told of their own forecasts, whomever they ask for.
    """
    own = own_only()
    until = (asked["to"] or last_measured()).replace(day=1)
    since = (asked["from"] or months_after(until, 1 - MONTHS)).replace(day=1)
    return Wanted(
        since=since,
        until=until,
        rows=asked["rows"] or USUAL_ROWS,
        lag=asked["lag"] or 1,
        said=asked["said"] or USUAL_SAID,
        level=asked["level"] or USUAL_LEVEL,
        cycle_id=asked["cycle"],
        rep_id=asked["rep"] if own is None else own,
        customer=asked["customer"],
        product=asked["product"],
    )
