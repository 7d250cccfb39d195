"""Roles and their editor, for administrators."""

from flask import Blueprint, request
from sqlalchemy import func
from werkzeug import Response

from app.accounts import queries
from app.accounts.models import Role
from app.core.permissions import requires
from app.core.tables import paginate
from app.core.web import render

bp = Blueprint("roles", __name__, url_prefix="/roles")

SORTS = {"name": func.lower(Role.name)}
HISTORY_SHOWN = 50


@bp.get("")
@requires("users.view")
def index() -> Response:
    """List roles with the number of their users."""
    filters = {"search": request.args.get("search", "").strip()}
    query = queries.roles(**filters)
    page = paginate(query, sorts=SORTS, default="name", filters=filters, rows=True)
    return render("accounts/roles/index.html", fragment="results", page=page, filters=filters)
