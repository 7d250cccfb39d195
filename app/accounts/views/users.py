"""Users, for administrators: the list; `user_page` has the rest."""

from flask import Blueprint

from app.accounts.views.lists import USERS

bp = Blueprint("users", __name__, url_prefix="/users")

HISTORY_SHOWN = 50

USERS.add_to(bp)
