"""Where the pages of lots have their addresses."""

from flask import Blueprint

bp = Blueprint("lots", __name__, url_prefix="/lots")

CHANGED = "lots:changed"
