"""Named tokens for programs: one's own."""

from typing import Any

from flask import abort
from flask_login import current_user

from app.accounts import queries, services
from app.accounts.api.schemas import IssuedTokenSchema, NewTokenSchema, TokenSchema, issued
from app.accounts.models import ApiToken
from app.accounts.myself import current_session, myself
from app.core.api import Blueprint, only_tokens_write, page_of, page_schema, sorted_query
from app.core.idempotency import idempotent
from app.core.permissions import SIGNED_IN, requires
from app.core.web import one_or_404

bp = Blueprint("tokens", __name__, url_prefix="/api/v1/auth/tokens", description="Named tokens")
bp.before_request(only_tokens_write)

SORTS = {"id": ApiToken.id, "name": ApiToken.name, "last_used_at": ApiToken.last_used_at}


@bp.get("")
@requires(SIGNED_IN)
@bp.arguments(sorted_query(SORTS), location="query")
@bp.response(200, page_schema(TokenSchema))
def list_tokens(query: dict[str, Any]) -> dict[str, Any]:
    """List one's own tokens that are not revoked."""
    return page_of(queries.tokens(current_user.id), query, sorts=SORTS)


@bp.post("")
@requires(SIGNED_IN)
@bp.arguments(NewTokenSchema)
@bp.response(201, IssuedTokenSchema)
@bp.alt_response(403, description="Asked with a named token, not after a login")
def create_token(given: dict[str, Any]) -> dict[str, object]:
    """Make a token; its secret is in this answer and nowhere else.

    That is why an Idempotency-Key is not heeded: no answer is kept to be given again. A
    stolen token cannot make more of itself: this takes a login.
    """
    if current_session() is None:
        abort(403, "Making a token takes a login.")
    return issued(*services.issue_token(myself(), **given))


@bp.delete("/<int:token_id>")
@requires(SIGNED_IN)
@idempotent
@bp.response(204)
def delete_token(token_id: int) -> None:
    """Revoke a token."""
    token = one_or_404(queries.token(current_user.id, token_id))
    services.revoke_token(myself(), token.id)
