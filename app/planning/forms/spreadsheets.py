"""Forms of forecasts that come back as files."""

from flask_wtf.file import FileField, FileRequired

from app.core.forms import Form


class ForecastFileForm(Form):
    """The file that was exported and changed."""

    file = FileField(
        "File",
        [FileRequired("Choose a file.")],
        description="The Excel file that was exported from this grid.",
    )
