"""The list of counts, with what they have found."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import url_for
from sqlalchemy import Select

from app.catalog.costs import COSTS
from app.core.db import db
from app.core.pages import Asked, Choice, Column, Link, ListPage, Nothing, Search
from app.counting import queries
from app.counting.models import CAUSES, STATES, CountTask

CHOICES = {"unfinished": "Unfinished", **STATES}
NEW = Link(
    label="New count",
    endpoint="counts.new",
    permission="counting.manage",
    kind="primary",
    icon="plus",
    is_dialog=True,
)


class Listed(NamedTuple):
    """A count, and by currency how many lines differ and by how much."""

    task: CountTask
    sums: Sequence[Any]

    @property
    def lines(self) -> int | None:
        """How many lines differ; nothing is written where none does."""
        return sum(lines for _currency, lines, _value in self.sums) or None


def _counts(asked: Asked) -> Select[Any]:
    return queries.counts(search=asked["search"], state=asked["state"], cause=asked["cause"])


def _with_differences(tasks: Sequence[CountTask]) -> list[Listed]:
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(queries.differing([task.id for task in tasks])):
        found.setdefault(row[0], []).append(row[1:])
    return [Listed(task, found.get(task.id, [])) for task in tasks]


def _what(listed: Listed) -> str:
    return listed.task.product.sku if listed.task.product else "All that lies there"


def _counter(listed: Listed) -> str:
    return listed.task.claimed_by.name if listed.task.claimed_by else ""


def _at_cost(listed: Listed) -> str:
    return ", ".join(f"{value} {currency}" for currency, _lines, value in listed.sums)


COUNTS = ListPage(
    name="counts",
    title="Counts",
    permission="counting.view",
    query=_counts,
    prepare=_with_differences,
    key=CountTask.id,
    sort="-number",
    href=lambda listed: url_for("counts.show", count_id=listed.task.id),
    filters=(
        Search(label="Bin or product"),
        Choice(name="state", label="State", options=CHOICES, everything="All states"),
        Choice(name="cause", label="Cause", options=CAUSES, everything="All causes"),
    ),
    columns=(
        Column(
            name="number",
            title="Count",
            kind="code",
            value="task",
            sort=queries.SORTS["number"],
            export=lambda listed: str(listed.task),
            is_link=True,
            is_required=True,
        ),
        Column(
            name="location",
            title="Bin",
            kind="code",
            value="task.location.code",
            sort=queries.SORTS["location"],
        ),
        Column(name="what", title="What", value=_what, place="name"),
        Column(name="cause", title="Cause", value="task.cause_label", place="wide desk"),
        Column(name="counter", title="Counter", value=_counter, place="wide desk"),
        Column(name="lines", title="Lines that differ", kind="number"),
        Column(
            name="at_cost",
            title="Difference at cost",
            kind="cell",
            cell="counting/counts/_cells.html:at_cost",
            value=_at_cost,
            place="figure num",
            label="At cost",
            permission=COSTS,
        ),
        Column(
            name="since",
            title="Since",
            kind="moment",
            value="task.created_at",
            place="wide desk meta",
        ),
        Column(
            name="state",
            title="State",
            kind="cell",
            cell="counting/counts/_cells.html:state",
            value="task.state_label",
            place="status",
        ),
    ),
    topic="counts",
    links=(
        Link(
            label="Plans",
            endpoint="count_plans.index",
            permission="counting.view",
            icon="calendar",
        ),
        Link(
            label="Count on a tablet",
            endpoint="count.index",
            permission="counting.count",
            icon="clipboard",
        ),
        Link(
            label="Count a list",
            endpoint="counts.new_list",
            permission="counting.manage",
            icon="list",
        ),
        NEW,
    ),
    above="counting/counts/_news.html",
    events=("counts:changed",),
    unmatched=Nothing(
        title="Nothing matches.",
        advice="Try fewer letters, another state or another cause.",
        action="Show all counts",
    ),
    nothing=Nothing(
        title="Nothing was ever counted.",
        advice="Have a bin counted; when a picker misses goods, "
        "a count of them comes here by itself.",
        link=NEW,
        icon="clipboard",
    ),
)
