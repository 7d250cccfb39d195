"""What reports of each kind tell, and who may see them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.catalog.models import Customer, Product
from app.core.db import db
from app.core.pages.charts import Chart, Series
from app.core.permissions import may_see
from app.planning.accuracy_figures import as_rows as accuracy_rows
from app.planning.accuracy_figures import error_chart
from app.planning.models import Baseline, Cycle, ScopeRow
from app.planning.months import months_after
from app.planning.services.accuracy import Wanted as AccuracyWanted
from app.planning.services.accuracy import last_measured, measure
from app.planning.services.consensus import consensus_of
from app.planning.services.freezing import place_of
from app.reports.contents import Content, Part
from app.reports.models import KINDS, Report
from app.sales import exploring
from app.sales.charts import pivot_chart
from app.sales.queries import Wanted as SalesWanted
from app.supply import queries as supply
from app.supply.models import EXCEPTIONS, SOURCES

BARS = 12  # of a drawing; the table has more
YEAR = 12
ERRORS = frozenset(
    {
        *("WAPE", "WAPE of the baseline", "WAPE of the year before", "Bias"),
        *("Value added to the baseline", "Value added to the year before"),
    }
)
SALES = {
    "month": "By month",
    "product": "By product",
    "customer": "By customer",
    "country": "By country",
    "rep": "By sales rep",
}
MEASURED = {
    "month": "By month",
    "lag": "By months ahead",
    "rep": "By rep",
    "product": "By product",
    "customer": "By customer",
}
Names = Mapping[int, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Kind:
    """What it takes to see a report, and what writes it."""

    permission: str
    write: Callable[[Report], Content]


def content_of(report: Report) -> Content:
    """Read what a report tells."""
    return TOLD[report.kind].write(report)


def open_kinds() -> dict[str, str]:
    """The kinds that the person asking may see, with what they are called."""
    return {name: label for name, label in KINDS.items() if may_see(TOLD[name].permission)}


# Sales


def _sales(report: Report) -> Content:
    return Content(
        title="Sales",
        subtitle=_days(report),
        parts=[_pivot(report, rows, title) for rows, title in SALES.items()],
    )


def _pivot(report: Report, rows: str, title: str) -> Part:
    wanted = SalesWanted(since=report.since, until=report.until, rows=rows, compares=True)
    pivot = exploring.explore(wanted)
    note = ""
    if pivot.unvalued:
        note = f"{pivot.unvalued:,} lines have no exchange rate: they are in no sum."
    return Part(
        title=title,
        rows=exploring.as_rows(pivot),
        chart=pivot_chart(pivot),
        note=note,
        parts_of_one=frozenset({"Change", "Share"}),
    )


def _days(report: Report) -> str:
    return f"{report.since:%-d %B %Y} to {report.until:%-d %B %Y}"


# Accuracy


def _accuracy(report: Report) -> Content:
    return Content(
        title="Accuracy of forecasts",
        subtitle=f"{_days(report)}: the consensus one month ahead, by customer and product",
        parts=[_measured(report, rows, title) for rows, title in MEASURED.items()],
    )


def _measured(report: Report, rows: str, title: str) -> Part:
    until = min(report.until.replace(day=1), last_measured())
    since = min(report.since.replace(day=1), until)
    found = measure(AccuracyWanted(since=since, until=until, rows=rows))
    return Part(
        title=title,
        rows=accuracy_rows(found),
        chart=error_chart(found),
        note="WAPE: what forecasts were off by, as a part of what was sold.",
        parts_of_one=ERRORS,
    )


# Forecasts


@dataclass(slots=True)
class _Sums:
    """What a group of rows comes to, by month; a month without any figure is None."""

    said: list[Decimal | None]
    baseline: list[Decimal | None]
    before: list[Decimal | None]

    @classmethod
    def of(cls, months: int) -> "_Sums":
        return cls([None] * months, [None] * months, [None] * months)

    def add(self, name: str, figures: Iterable[Decimal | None]) -> None:
        """Add figures, month by month; the list of figures may be the shorter one."""
        sums: list[Decimal | None] = getattr(self, name)
        for place, figure in zip(range(len(sums)), figures, strict=False):
            if figure is not None:
                sums[place] = (sums[place] or Decimal(0)) + figure


def _forecast(report: Report) -> Content:
    assert report.cycle is not None  # noqa: S101  (the database promises it)
    cycle = report.cycle
    by: dict[str, dict[int, _Sums]] = {
        name: {} for name in ("all", "rep", "product", "customer")
    }
    for row, baseline, said in _forecast_rows(cycle):
        keys = {"all": 0, "rep": row.user_id, "product": row.product_id}
        for name, key in {**keys, "customer": row.customer_id}.items():
            sums = by[name].setdefault(key, _Sums.of(cycle.months))
            sums.add("said", said)
            sums.add("baseline", baseline)
            sums.add(
                "before", row.history[place_of(cycle, months_after(cycle.month, -YEAR)) - 1 :]
            )
    state = "as it was closed" if cycle.status == "closed" else "as it is now"
    return Content(
        title=f"Forecast of {cycle}",
        subtitle=f"{cycle.months} months from {cycle.month:%B %Y}, {state}",
        parts=[
            _by_month(cycle, by["all"].get(0, _Sums.of(cycle.months))),
            _by("By rep", "Rep", cycle, by["rep"], _named(User, User.name, User.username)),
            _by(
                "By product",
                "SKU",
                cycle,
                by["product"],
                _named(Product, Product.sku, Product.name),
            ),
            _by(
                *("By customer", "Customer", cycle, by["customer"]),
                _named(Customer, Customer.code, Customer.name),
            ),
        ],
    )


def _forecast_rows(cycle: Cycle) -> Iterable[tuple[ScopeRow, list[Decimal], list[Any]]]:
    said = {(row.customer_id, row.product_id): row.quantities for row in consensus_of(cycle)}
    rows = (
        select(ScopeRow, Baseline.quantities)
        .outerjoin(Baseline, Baseline.scope_id == ScopeRow.id)
        .where(ScopeRow.cycle_id == cycle.id)
    )
    for row, baseline in db.session.execute(rows):
        yield row, baseline or [], said.get((row.customer_id, row.product_id)) or []


def _named(model: Any, code: Any, name: Any) -> Names:
    return {
        row[0]: (row[1], row[2]) for row in db.session.execute(select(model.id, code, name))
    }


def _by_month(cycle: Cycle, sums: _Sums) -> Part:
    names = [f"{month:%b %Y}" for month in cycle.horizon]
    figures = {"Forecast": sums.said, "Baseline": sums.baseline, "A year before": sums.before}
    rows = zip(names, *figures.values(), strict=True)
    return Part(
        title="By month",
        rows=[["Month", *figures], *map(list, rows)],
        chart=Chart(
            "line" if len(names) > 1 else "bar",
            "Forecast by month",
            "Month",
            tuple(names),
            tuple(Series(name, tuple(values)) for name, values in figures.items()),
            "pcs",
        ),
    )


def _by(title: str, label: str, cycle: Cycle, found: Mapping[int, _Sums], names: Names) -> Part:
    """Write a row for each, the largest first, and draw the first of them."""
    lines = sorted(
        ((*names[key], sums, _total(sums.said)) for key, sums in found.items()),
        key=lambda line: (-(line[3] or 0), line[0]),
    )
    months = [f"{month:%Y-%m}" for month in cycle.horizon]
    rows = [
        [code, name, *sums.said, total, _total(sums.baseline), _total(sums.before)]
        for code, name, sums, total in lines
    ]
    shown = lines[:BARS]
    series = {
        "Forecast": tuple(line[3] for line in shown),
        "Baseline": tuple(_total(line[2].baseline) for line in shown),
    }
    return Part(
        title=title,
        rows=[[label, "Name", *months, "Total", "Baseline", "A year before"], *rows],
        chart=Chart(
            *("bar", f"Forecast {title.lower()}", label),
            tuple(line[0] for line in shown),
            tuple(Series(name, values) for name, values in series.items()) if shown else (),
            "pcs",
        ),
    )


def _total(figures: Iterable[Decimal | None]) -> Decimal | None:
    known = [figure for figure in figures if figure is not None]
    return sum(known, Decimal(0)) if known else None


# Supply


def _supply(_report: Report) -> Content:
    plan_id = db.session.scalar(supply.newest_plan())
    if plan_id is None:
        return Content(
            title="Supply plan",
            subtitle="No plan was made yet.",
            parts=[Part(title="Suggestions", rows=[["SKU"]])],
        )
    plan = db.session.scalars(supply.plan(plan_id)).one()
    return Content(
        title=f"Supply plan of {plan}",
        subtitle=f"By the forecast of {plan.cycle}",
        parts=[_exceptions(plan_id), _suggestions(plan_id)],
    )


def _exceptions(plan_id: int) -> Part:
    found = {row[0]: row[1] for row in db.session.execute(supply.exceptions_of(plan_id))}
    counts = tuple(Decimal(found.get(name, 0)) for name in EXCEPTIONS)
    return Part(
        title="Exceptions",
        rows=[
            ["Exception", "Products"],
            *([label, count] for label, count in zip(EXCEPTIONS.values(), counts, strict=True)),
        ],
        chart=Chart(
            *("bar", "Products with an exception", "Exception"),
            tuple(EXCEPTIONS.values()),
            (Series("Products", counts),),
        ),
    )


def _suggestions(plan_id: int) -> Part:
    found = db.session.scalars(supply.suggestions(plan_id)).all()
    by_month: defaultdict[date, int] = defaultdict(int)
    rows: list[list[Any]] = []
    for one in sorted(found, key=lambda one: (one.begin_on, one.id)):
        by_month[one.begin_on.replace(day=1)] += 1
        vendor = one.vendor.name if one.vendor else ""
        days = one.begin_on, one.due_on, one.arrives_on
        rows.append(
            [
                one.product.sku,
                one.product.name,
                SOURCES[one.source],
                vendor,
                one.quantity,
                *days,
            ]
        )
    months = sorted(by_month)
    return Part(
        title="Suggestions",
        rows=[
            ["SKU", "Product", "How", "Vendor", "Quantity", "Begin", "Wanted", "Arrives"],
            *rows,
        ],
        chart=Chart(
            *("bar", "Suggestions by the month in which they begin", "Month"),
            tuple(f"{month:%b %Y}" for month in months),
            (Series("Suggestions", tuple(Decimal(by_month[month]) for month in months)),)
            if months
            else (),
        ),
    )


TOLD = {
    "sales": Kind("sales.view", _sales),
    "forecast": Kind("forecasts.manage", _forecast),
    "accuracy": Kind("forecasts.manage", _accuracy),
    "supply": Kind("supply.view", _supply),
}
