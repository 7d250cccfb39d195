"""Roles, for administrators: the list; `role_page` has the rest."""

from flask import Blueprint

from app.accounts.views.lists import ROLES

bp = Blueprint("roles", __name__, url_prefix="/roles")

HISTORY_SHOWN = 50

ROLES.add_to(bp)
