"""The blueprint of what people do with their own account."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
