"""Goods of cancelled orders that go back to their bins, for programs."""

from app.core.db import db
from app.core.permissions import requires
from app.core.web import one_or_404
from app.fulfilment import queries, services
from app.fulfilment.api.blueprint import Answer, bp
from app.fulfilment.api.schemas import (
    PutBackResultSchema,
    PutBackScanSchema,
    PutBacksSchema,
    SessionStepSchema,
)
from app.fulfilment.models import PutBack
from app.scanning.services import ActionResult

MOST = 200


@bp.get("/putbacks")
@requires("fulfilment.pick")
@bp.response(200, PutBacksSchema)
def list_putbacks() -> Answer:
    """Show what goes back to its bins, tote by tote; at most 200."""
    return {"items": db.session.scalars(queries.putbacks().limit(MOST)).all()}


@bp.post("/putbacks/<int:putback_id>/scan")
@requires("fulfilment.pick")
@bp.arguments(PutBackScanSchema)
@bp.response(200, PutBackResultSchema)
def put_back(body: Answer, putback_id: int) -> ActionResult:
    """Scan the bin that goods were put into; another one than planned twice."""
    _putback(putback_id)
    return services.put_back(putback_id, scan_id=body["id"], code=body["code"])


@bp.post("/putbacks/<int:putback_id>/undo")
@requires("fulfilment.pick")
@bp.arguments(SessionStepSchema)
@bp.response(200, PutBackResultSchema)
def undo_put_back(body: Answer, putback_id: int) -> ActionResult:
    """Take goods out of the bin again: they lie in their tote as before."""
    _putback(putback_id)
    return services.undo_put_back(putback_id, scan_id=body["id"])


def _putback(putback_id: int) -> PutBack:
    return one_or_404(queries.putback(putback_id))
