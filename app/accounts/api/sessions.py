"""Where one is signed in, for programs."""

from typing import Any

from flask import abort
from flask_login import current_user

from app.accounts import queries, services
from app.accounts.api.schemas import UserSessionSchema
from app.accounts.models import UserSession
from app.accounts.myself import current_session, myself
from app.core.api import Blueprint, only_tokens_write, page_of, page_schema, sorted_query
from app.core.idempotency import idempotent
from app.core.permissions import SIGNED_IN, requires
from app.core.web import one_or_404

bp = Blueprint("sessions", __name__, url_prefix="/api/v1/auth/sessions", description="Sessions")
bp.before_request(only_tokens_write)

SORTS = {"id": UserSession.id, "seen_at": UserSession.seen_at}


@bp.get("")
@requires(SIGNED_IN)
@bp.arguments(sorted_query(SORTS), location="query")
@bp.response(200, page_schema(UserSessionSchema))
def list_sessions(query: dict[str, Any]) -> dict[str, Any]:
    """List one's own sessions that have not ended: of browsers and of programs."""
    page = page_of(queries.sessions(current_user.id), query, sorts=SORTS)
    return page | {"items": [_shown(row) for row in page["items"]]}


@bp.delete("")
@requires(SIGNED_IN)
@idempotent
@bp.doc(operationId="delete_sessions")
@bp.response(204)
@bp.alt_response(403, description="Asked with a named token, not after a login")
def delete_sessions() -> None:
    """End every session of one's own, this one too; named tokens stay."""
    if current_session() is None:
        abort(403, "Ending sessions takes a login.")
    services.sign_out_everywhere(current_user.id, by=myself())


@bp.delete("/<int:session_id>")
@requires(SIGNED_IN)
@idempotent
@bp.response(204)
@bp.alt_response(403, description="Asked with a named token, not after a login")
def delete_session(session_id: int) -> None:
    """End a session: whoever uses it has to sign in again."""
    if current_session() is None:
        abort(403, "Ending a session takes a login.")
    ended = one_or_404(queries.session(current_user.id, session_id))
    services.close_session(myself(), ended.id)


def _shown(row: UserSession) -> dict[str, Any]:
    here = current_session()
    return {
        "id": row.id,
        "kind": row.kind,
        "device": services.device_name(row.user_agent),
        "address": row.address,
        "created_at": row.created_at,
        "seen_at": row.seen_at,
        "is_current": here is not None and here.id == row.id,
    }
