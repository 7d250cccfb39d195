"""A scenario: what it says beside its cycle, what was changed in it, and what becomes of it."""

from functools import partial
from typing import Any

from flask import Blueprint, request, url_for
from sqlalchemy import Select
from werkzeug import Response

from app.core.db import db
from app.core.pages import Action, Choice, Resource, Segments
from app.core.pages.asked import read
from app.core.pages.exports import asked_file
from app.core.pages.figures import FiguresPage, sent_figures
from app.core.permissions import requires
from app.core.web import render
from app.planning import queries, services
from app.planning.access import MANAGE
from app.planning.comparison_figures import as_rows, comparison_chart
from app.planning.forms import AdjustForm
from app.planning.models import Adjustment, Scenario
from app.planning.services.comparing import LEVELS, MEASURES, compare
from app.planning.views import adjustments

bp = Blueprint("scenarios", __name__, url_prefix="/planning/scenarios")

MOST_ROWS = 200  # of a page; a file has all of them
MOST_ADJUSTED = 100
USUAL_LEVEL, USUAL_MEASURE = "month", "quantity"
FILTERS = (
    Choice(
        name="rows",
        label="Rows",
        options={
            name: f"By {label.lower()}" for name, label in LEVELS.items() if name != USUAL_LEVEL
        },
        everything="By month",
        usual=USUAL_LEVEL,
        chip="",
    ),
    Segments(
        name="measure",
        label="What is compared",
        options={name: label for name, label in MEASURES.items() if name != USUAL_MEASURE},
        everything=MEASURES[USUAL_MEASURE],
        usual=USUAL_MEASURE,
        chip="",
    ),
)
PAGE = FiguresPage(FILTERS)


def _scenario(scenario_id: int) -> Select[Any]:
    return queries.scenarios().where(Scenario.id == scenario_id)


SCENARIO = Resource(
    name="scenario",
    area="scenarios",
    query=_scenario,
    rule="/<int:scenario_id>",
    keys={"scenario_id": "id"},
    event="scenarios:changed",
)


def _is_open(scenario: Scenario) -> bool:
    return scenario.is_open and scenario.cycle.is_open


_verb = partial(Action, resource=SCENARIO, permission=MANAGE, leaves=True)
adjust = _verb(
    name="create_adjustments",
    path="/adjustments",
    title="Adjust",
    heading="Adjust the scenario “{0}”",
    subtitle="The cycle stays as it is.",
    submit="Adjust",
    form=AdjustForm,
    offer=lambda form, scenario: form.offer(scenario.cycle),
    act=services.adjust_scenario,
    done="The scenario is adjusted.",
    icon="edit",
    kind="primary",
    when=_is_open,
)
adopt = _verb(
    name="create_adoption",
    path="/adoptions",
    title="Adopt",
    question="Adopt “{0}”? The consensus says then what was changed in it; that can be undone.",
    act=services.adopt_scenario,
    to=lambda scenario: url_for("cycles.show", cycle_id=scenario.cycle_id),
    done="The consensus says what “{0}” says.",
    icon="check",
    when=_is_open,
)
discard = _verb(
    name="create_discard",
    path="/discards",
    title="Discard",
    question="Discard “{0}”? It stays to be read, and is changed no more.",
    act=services.discard_scenario,
    done="“{0}” is discarded.",
    icon="x",
    when=lambda scenario: scenario.is_open,
)
ACTIONS = (adjust, adopt, discard)
for action in ACTIONS:
    action.add_to(bp)


@bp.get("/<int:scenario_id>")
@requires(MANAGE)
def show(scenario_id: int) -> Response:
    """Show what it says beside its cycle; as a file, if the address says so."""
    scenario: Scenario = SCENARIO.find(scenario_id)
    asked = read(FILTERS, request.args)
    measure = asked["measure"] or USUAL_MEASURE
    comparison = compare(scenario, level=asked["rows"] or USUAL_LEVEL, measure=measure)
    if form := asked_file(request.args.get("file", "")):
        return sent_figures(as_rows(comparison), form, title="Scenario", name="scenario")
    changed = queries.scenario_adjustments(scenario.id).order_by(Adjustment.id.desc())
    return render(
        "planning/scenarios/show.html",
        fragment="results",
        scenario=scenario,
        comparison=comparison,
        measure=measure,
        rows=comparison.rows[:MOST_ROWS],
        row_title=LEVELS[comparison.level],
        measure_title=MEASURES[measure],
        chart=comparison_chart(comparison, measure),
        adjustments=db.session.scalars(changed.limit(MOST_ADJUSTED)).all(),
        adjustment_actions=adjustments.ACTIONS,
        scenario_actions=ACTIONS,
        asked=asked,
        list=PAGE,
        state=PAGE,
        page=PAGE,
    )
