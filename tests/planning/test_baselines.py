"""Baselines: whatever a history holds, there is a sensible number or a reason for none."""

import math
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.db import transaction
from app.planning import services
from app.planning.models import Baseline, ScopeRow
from app.planning.reckoning import engine, series
from app.planning.reckoning.series import croston_sba, prepare, wape
from app.planning.reckoning.theta import theta
from tests.planning.factories import row_of_open_cycle

NAN = math.nan
YEAR = [10, 12, 20, 30, 40, 50, 60, 50, 40, 30, 20, 12]
HISTORIES: dict[str, tuple[list[float], str]] = {
    "nothing at all": ([], "none"),
    "zeros": ([0.0] * 48, "none"),
    "returns only": ([-3.0] * 12, "none"),
    "one month": ([0.0] * 47 + [5.0], "mean"),
    "a new product": ([0.0] * 44 + [5.0, 6.0, 7.0, 8.0], "mean"),
    "no sales for a year": ([9.0] * 30 + [0.0] * 18, "zero"),
    "sales now and then": ([0.0, 0.0, 6.0] * 16, "intermittent"),
    "a year": ([float(value) for value in YEAR], "ensemble"),
    "always the same": ([2000.0] * 48, "ensemble"),
    "no numbers": ([NAN] * 6 + [3.0] * 30, "ensemble"),
    "seasons": ([float(value) for value in YEAR * 4], "smoothed"),
}


def missing(*_args: Any, **_more: Any) -> dict[int, list[float]]:
    raise ImportError


@pytest.fixture(params=["by plain methods", "by the library"])
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "by the library":
        pytest.importorskip("statsforecast", reason="it takes half a gigabyte")
    else:
        monkeypatch.setattr(engine, "_forecast", missing)
    return str(request.param)


def test_every_history_gives_numbers_or_a_reason(library: str) -> None:
    made = engine.forecast_all(
        {place: history for place, (history, _method) in enumerate(HISTORIES.values())},
        months=12,
    )

    for place, (name, (_history, method)) in enumerate(HISTORIES.items()):
        one = made[place]
        assert one.reason, name
        assert library == "by plain methods" or one.method == method, name
        assert len(one.quantities) == (0 if method == "none" else 12), name
        for low, value, high in zip(one.low, one.quantities, one.high, strict=True):
            assert 0 <= low <= value <= high < 10_000, name


def test_a_history_gets_the_method_that_fits_it() -> None:
    chosen = {name: prepare(history).method for name, (history, _m) in HISTORIES.items()}

    assert chosen == {
        name: "ensemble" if method == "smoothed" else method
        for name, (_history, method) in HISTORIES.items()
    }


def test_a_lone_peak_and_months_of_returns_are_said() -> None:
    prepared = prepare([10.0] * 20 + [1000.0, -4.0])

    assert max(prepared.values) == 10
    assert min(prepared.values) == 0
    assert "A lone peak of 1,000 counts as 10" in prepared.reason
    assert "1 month of more returns than sales counts as none" in prepared.reason


def test_theta_continues_a_season_and_half_a_trend() -> None:
    flat = theta([50.0] * 30, 3)
    seasons = theta([float(value) for value in YEAR * 4], 12)
    growing = theta([100.0 + 2 * month for month in range(20)], 6)

    assert flat == pytest.approx([50] * 3)
    assert seasons == pytest.approx(YEAR, rel=0.2)
    assert growing[0] < growing[5]
    assert 138 < growing[0] < 142
    assert growing[5] - growing[0] == pytest.approx(5)


def test_where_theta_misses_a_season_the_year_before_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine, "_forecast", missing)
    monkeypatch.setattr(series, "theta", lambda _values, months: [1.0] * months)

    made = engine.forecast_all({1: [float(value) for value in YEAR * 4]}, months=12)

    assert (made[1].method, made[1].wape) == ("seasonal_naive", 0)
    assert made[1].quantities == YEAR


def test_croston_is_corrected() -> None:
    assert croston_sba([0, 0, 6] * 4) == pytest.approx(0.95 * 6 / 3)


def test_the_error_is_pooled() -> None:
    assert wape([(10, 8), (0, 2)]) == pytest.approx(0.4)
    assert wape([(3, 0)]) is None


def test_baselines_are_kept_with_their_reason(session: Session) -> None:
    row = row_of_open_cycle()
    with transaction():
        row.history = [*map(int, [12] * 48)]  # type: ignore[list-item]
    told = services.make_baselines(row.cycle_id)
    again = services.make_baselines(row.cycle_id)

    baseline = session.scalars(select(Baseline).where(Baseline.scope_id == row.id)).one()
    assert baseline.quantities == [12, 12, 12]
    assert baseline.reason == "48 months of sales, with a season."
    assert told == again
    assert told["rows"] == 1


def test_a_closed_cycle_keeps_its_baselines(session: Session) -> None:
    row = row_of_open_cycle()
    services.close_cycle(row.cycle_id)

    assert services.make_baselines(row.cycle_id)["rows"] == 0
    assert session.scalars(select(Baseline)).all() == []
    assert session.get(ScopeRow, row.id) is not None
