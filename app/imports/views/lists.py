"""The list of imports."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, request
from werkzeug import Response

from app.core.permissions import SIGNED_IN, may, requires
from app.core.tables import Page, paginate
from app.core.web import render
from app.imports import queries
from app.imports.definition import Importer, importers
from app.imports.models import STAGES, ImportRun

bp = Blueprint("imports", __name__, url_prefix="/imports")

SORTS = {"id": ImportRun.id, "file": ImportRun.file_name, "actor": ImportRun.actor}


@bp.get("")
@requires(SIGNED_IN)
def index() -> Response:
    """List the imports, the newest first."""
    filters = {name: request.args.get(name, "").strip() for name in ("search", "kind", "stage")}
    page = paginate(
        queries.import_runs(mine(), **filters), sorts=SORTS, default="-id", filters=filters
    )
    return render(
        "imports/index.html",
        fragment="results",
        page=page,
        filters=filters,
        chips=_chips(page, filters),
        kinds=mine(),
        stages=STAGES,
    )


def mine() -> dict[str, Importer]:
    """What the person asking may import.

    Raises:
        Forbidden: Nothing.
    """
    kinds = {kind: one for kind, one in importers().items() if may(one.permission)}
    return kinds or abort(403)


def _chips(page: Page[Any], filters: Mapping[str, str]) -> list[tuple[str, str]]:
    labels = {
        "kind": importers()[filters["kind"]].label if filters["kind"] in importers() else "",
        "stage": STAGES.get(filters["stage"], ""),
    }
    return [(label, page.without(name)) for name, label in labels.items() if label]
