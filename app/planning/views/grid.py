"""The grid: a page that asks for all rows at once, and sends what is written cell by cell."""

from typing import Any

import marshmallow as ma
from flask import Blueprint, jsonify, request
from flask_login import current_user
from werkzeug import Response

from app.core.api_body import parse_json
from app.core.errors import Invalid
from app.core.permissions import may, requires
from app.core.web import render
from app.planning import services
from app.planning.access import MANAGE, asked_measure, mine, own_only
from app.planning.cell_schemas import CellEditSchema, SavedCellsSchema, edits_of
from app.planning.models import Cycle
from app.planning.services.grid import grid_json
from app.planning.services.pricing import seen_measures
from app.planning.views import spreadsheets, submissions
from app.planning.views.cycles import opened

bp = Blueprint("forecast_grid", __name__, url_prefix="/planning/cycles/<int:cycle_id>/grid")

READ = ma.Schema.from_dict(
    {"cells": ma.fields.List(ma.fields.Nested(CellEditSchema), required=True)},
    name="SentCellsSchema",
)()
WRITE = SavedCellsSchema()


def _rep_id(cycle: Cycle) -> int | None:
    """Give whose rows are asked for; planners may ask for one rep's, others see their own."""
    own = own_only()
    if own is not None:
        return own
    asked = request.args.get("rep", type=int)
    known = {one.user_id for one in cycle.submissions}
    return asked if asked in known else None


@bp.get("")
@requires("forecasts.view")
def show(cycle_id: int) -> Response:
    """Show the page; its rows come by themselves."""
    cycle = opened(cycle_id)
    return render(
        "planning/grid/show.html",
        fragment="main",
        cycle=cycle,
        rep_id=_rep_id(cycle),
        own=mine(cycle),
        measures=seen_measures(),
        measure=asked_measure(),
        reps=[one.user for one in cycle.submissions] if may(MANAGE) else [],
        submit=submissions.submit,
        upload=spreadsheets.upload,
    )


@bp.get("/cells")
@requires("forecasts.view")
def show_cells(cycle_id: int) -> Response:
    """Give all rows with all their figures."""
    cycle = opened(cycle_id)
    told = grid_json(cycle, rep_id=_rep_id(cycle), writes_all=may(MANAGE))
    return Response(told, mimetype="application/json")


@bp.post("/cells")
@requires("forecasts.edit")
def save(cycle_id: int) -> Response:
    """Save cells: what is done and what others changed meanwhile is told cell by cell."""
    opened(cycle_id)
    try:
        sent: Any = READ.load(parse_json(request.get_data()))
    except ma.ValidationError as error:
        raise Invalid("cells", f"This is not understood: {error.messages}") from error
    result = services.save_cells(cycle_id, edits_of(sent["cells"]), rep_id=own_only())
    return jsonify(WRITE.dump(result) | {"by": current_user.name})
