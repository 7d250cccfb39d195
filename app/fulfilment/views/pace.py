"""The chart of how many lines everybody picked today, hour by hour."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal

from app.core.db import db
from app.core.pages.charts import COLOURS, Chart, Series
from app.core.web import zone
from app.fulfilment import queries

OTHERS = "Others"
Pace = list[tuple[str, Counter[int]]]  # two pickers may have one name


def pace_chart(now: datetime) -> Chart:
    """Lines finished in each hour of the person's day, from the first one to now."""
    here = zone()
    local = now.astimezone(here)
    midnight = datetime.combine(local, time(), here)
    pace = _pace(midnight, zone=here.key)
    first = min((min(hours) for _, hours in pace), default=local.hour)
    hours = range(first, local.hour + 1)
    return Chart(
        "bar",
        "Lines picked today, by hour",
        "Hour",
        tuple(f"{hour:02}:00" for hour in hours),
        tuple(_series(name, counts, hours) for name, counts in pace),
        is_stacked=True,
    )


def _pace(midnight: datetime, *, zone: str) -> Pace:
    """Who picked most stands first; with more pickers than colours the last share one."""
    by_picker = defaultdict[tuple[int, str], Counter[int]](Counter)
    for picker_id, name, hour, lines in db.session.execute(
        queries.lines_by_hour(midnight, zone=zone)
    ):
        by_picker[picker_id, name][hour] += lines
    ranked = sorted(by_picker.items(), key=lambda one: (-one[1].total(), one[0][1]))
    named = ranked if len(ranked) <= COLOURS else ranked[: COLOURS - 1]
    rest = sum((counts for _, counts in ranked[len(named) :]), Counter[int]())
    pace = [(name, counts) for (_, name), counts in named]
    return [*pace, (OTHERS, rest)] if rest else pace


def _series(name: str, counts: Mapping[int, int], hours: range) -> Series:
    return Series(name, tuple(Decimal(counts.get(hour, 0)) for hour in hours))
