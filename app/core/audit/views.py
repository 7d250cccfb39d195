"""The page that searches all changes."""

from flask import Blueprint

from app.core.audit.lists import CHANGES

bp = Blueprint("audit", __name__, url_prefix="/audit")

CHANGES.add_to(bp)
