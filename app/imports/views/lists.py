"""The list of imports; `steps` has what a file goes through."""

from flask import Blueprint

from app.imports.lists import IMPORTS

bp = Blueprint("imports", __name__, url_prefix="/imports")

IMPORTS.add_to(bp)
