"""Where My time is, and whose it is."""

from flask import Blueprint
from flask_login import current_user

from app.attendance import services
from app.attendance.models import Employee

bp = Blueprint("my_time", __name__, url_prefix="/my-time")

CHANGED = "attendance:changed"


def mine() -> Employee | None:
    """Give the employee that asks; one that is none sees what to do."""
    return services.my_employee(current_user.id)
