"""Files that browsers and programs fetch."""

from io import BytesIO

from flask import Response, send_file

from app.attendance.reckoning.payroll import Written


def payroll_file(file: Written) -> Response:
    """Send a file for payroll as what it is: Flask would call all text UTF-8."""
    content = BytesIO(file.content)
    response = send_file(content, file.media_type, as_attachment=True, download_name=file.name)
    response.content_type = file.content_type
    return response
