"""What pages and programs may ask of sales, and how that is read."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import select

from app.catalog.models import Product
from app.core.countries import countries
from app.core.db import db
from app.core.pages import Asked, Choice, Day, Segments, Text
from app.sales import queries
from app.sales.exploring import MEASURES, ROWS
from app.sales.models import KINDS, SalesSource
from app.sales.queries import NONE, NOTHING, TIMES, Wanted

KIND_CHOICES = {"goods": "Goods less returns", **KINDS}
BESIDE = {"year": "Year before"}
USUAL_ROWS, USUAL_MEASURE = "month", "value"
MONTHS = 12  # without a period, so many


def _countries() -> Iterable[tuple[str, str]]:
    codes = db.session.scalars(queries.used("country"))
    used = [(code, countries().get(code, code)) for code in codes]
    return [*sorted(used, key=lambda one: one[1]), (NOTHING, NONE["country"])]


def _reps() -> Iterable[tuple[str, str]]:
    reps = db.session.scalars(queries.used("rep")).all()
    return [*((rep, rep) for rep in reps), (NOTHING, NONE["rep"])]


def _categories() -> Iterable[tuple[str, str]]:
    named = select(Product.category).where(Product.category != "").distinct()
    found = db.session.scalars(named.order_by(Product.category)).all()
    return [*((name, name) for name in found), (NOTHING, NONE["category"])]


def _sources() -> Iterable[tuple[str, str]]:
    found = db.session.execute(
        select(SalesSource.id, SalesSource.name).order_by(SalesSource.name)
    )
    return [(str(number), name) for number, name in found]


def _country_name(code: str) -> str:
    return NONE["country"] if code == NOTHING else countries().get(code, code)


def _source_name(source_id: int) -> str:
    source = db.session.get(SalesSource, source_id)
    return source.name if source else ""


def _id(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise ValueError(text)
    return int(text)


NARROWING = (
    Day(name="from", label="From"),
    Day(name="to", label="To"),
    Text(name="product", label="Product code", chip="Product {}"),
    Text(name="customer", label="Customer code", chip="Customer {}"),
    Choice(
        name="country",
        label="Country",
        options=_countries,
        everything="All countries",
        shows=_country_name,
    ),
    Choice(name="category", label="Category", options=_categories, everything="All categories"),
    Choice(name="rep", label="Sales rep", options=_reps, everything="All sales reps"),
    Choice(
        name="source",
        label="Source",
        options=_sources,
        everything="All sources",
        parse=_id,
        shows=_source_name,
    ),
    Choice(name="kind", label="Kind", options=KIND_CHOICES, everything="All kinds"),
)
PIVOTING = (
    Choice(
        name="rows",
        label="Rows",
        options={
            name: f"By {label.lower()}" for name, label in ROWS.items() if name != USUAL_ROWS
        },
        everything="By month",
        usual=USUAL_ROWS,
        chip="",
    ),
    Choice(
        name="across",
        label="Columns",
        options={name: f"{name.capitalize()}s across" for name in TIMES},
        everything="No columns",
        chip="",
    ),
    Choice(name="beside", label="Compare", options=BESIDE, everything="Not compared", chip=""),
    Segments(
        name="measure",
        label="Figure",
        options={name: label for name, label in MEASURES.items() if name != USUAL_MEASURE},
        everything=MEASURES[USUAL_MEASURE],
        usual=USUAL_MEASURE,
        chip="",
    ),
)


FILTERS = (*PIVOTING, *NARROWING)


def usual_period() -> tuple[date, date]:
    """The last twelve months that there are sales of, whole ones."""
    last = db.session.scalar(queries.last_sale()) or date.today()  # noqa: DTZ011  (a day)
    following = (last.replace(day=1) + timedelta(days=31)).replace(day=1)
    return following.replace(year=following.year - 1), following - timedelta(days=1)


def wanted_of(asked: Asked) -> Wanted:
    """Make what was asked for complete: without a period, or half of one, the usual one."""
    since, until = asked["from"], asked["to"]
    if not (since and until):
        first, last = usual_period()
        until = until or (max(last, since) if since else last)
        since = since or min(first, until.replace(day=1))
    return Wanted(
        since=since,
        until=until,
        rows=asked.values.get("rows") or USUAL_ROWS,
        across=asked.values.get("across") or "",
        measure=asked.values.get("measure") or USUAL_MEASURE,
        compares=bool(asked.values.get("beside")),
        country=asked["country"] or "",
        product=(asked["product"] or "").strip(),
        customer=(asked["customer"] or "").strip(),
        category=asked["category"] or "",
        rep=asked["rep"] or "",
        source=asked["source"] or None,
        kind=asked["kind"] or "",
    )
