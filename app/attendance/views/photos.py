"""The photo of an employee, as a resource of its own."""

from functools import partial
from io import BytesIO
from typing import Any

from flask import abort, request, send_file
from werkzeug import Response

from app.attendance import queries, services
from app.attendance.forms import PhotoForm
from app.attendance.models import Employee
from app.core.db import db
from app.core.files import StoredFile
from app.core.pages import Action, Resource
from app.core.permissions import requires
from app.core.pictures import LARGEST_UPLOAD
from app.core.web import one_or_404

A_YEAR = 365 * 24 * 3600  # seconds; another photo has another address


@requires("employees.view")
def show_photo(employee_id: int) -> Response:
    """Send the photo, which we have written ourselves."""
    employee = one_or_404(queries.employee(employee_id))
    file = db.session.get(StoredFile, employee.photo_id) if employee.photo_id else None
    if file is None:
        abort(404)
    response = send_file(BytesIO(file.content), mimetype=file.content_type, etag=file.sha256)
    if request.args.get("v") == str(file.id):
        response.headers["Cache-Control"] = f"private, max-age={A_YEAR}, immutable"
    return response


def _set(employee_id: int, photo: Any) -> Employee:
    return services.set_photo(employee_id, photo=photo.read(LARGEST_UPLOAD + 1))


def photo_actions(employee: Resource) -> tuple[Action, Action]:
    """Make the verbs of a photo: to set it, and to take it away."""
    verb = partial(Action, resource=employee, permission="employees.edit")
    setting = verb(
        name="create_photo",
        path="/photo",
        title="Photo",
        subtitle="{0.name}",
        page_title="Photo of {0.name}",
        submit="Save",
        form=PhotoForm,
        fields="attendance/employees/_photo.html",
        has_file=True,
        act=_set,
        done="Photo saved.",
        icon="upload",
    )
    removing = verb(
        name="remove_photo",
        path="/photo/removal",
        title="Remove photo",
        question="Remove the photo of {0.name}?",
        confirm="Remove",
        act=services.remove_photo,
        done="Photo removed.",
        when=lambda employee: employee.photo_id is not None,
    )
    return setting, removing
