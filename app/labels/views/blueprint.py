"""All pages of labels are below one address."""

from flask import Blueprint

bp = Blueprint("labels", __name__, url_prefix="/labels")
