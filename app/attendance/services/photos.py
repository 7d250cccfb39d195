"""The photo of an employee, for card and page: written anew, so that nothing else is kept."""

from app.attendance import queries
from app.attendance.models import Employee
from app.core.db import locked, transaction
from app.core.errors import Invalid
from app.core.files import StoredFile, store_file
from app.core.pictures import CONTENT_TYPE, written_anew

SIDE = 600  # pixels: two inches on a card, at 300 dpi
PERMISSION = "employees.view"


def set_photo(employee_id: int, *, photo: bytes) -> Employee:
    """Give an employee a photo, in place of the one they had.

    Raises:
        Invalid: It is too large, or no PNG, JPEG or WebP that can be read.
    """
    try:
        content = written_anew(photo, side=SIDE)
    except ValueError as error:
        raise Invalid("photo", str(error)) from error
    name = f"employee-{employee_id}.jpg"
    with transaction():
        file = store_file(
            name, content, content_type=CONTENT_TYPE, permission=PERMISSION, keep_days=None
        )
        return _replace(employee_id, file.id)


def remove_photo(employee_id: int) -> Employee:
    """Take the photo away from an employee."""
    return _replace(employee_id, None)


def _replace(employee_id: int, photo_id: int | None) -> Employee:
    with transaction() as session:
        employee = session.scalars(locked(queries.employee(employee_id), Employee)).one()
        old = session.get(StoredFile, employee.photo_id) if employee.photo_id else None
        employee.revise(version=None, photo_id=photo_id)
        session.flush()
        if old:
            session.delete(old)
    return employee
