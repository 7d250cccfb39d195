"""What files bring of attendance, and take."""

from app.attendance.importers.employees import EMPLOYEES

__all__ = ["EMPLOYEES"]
