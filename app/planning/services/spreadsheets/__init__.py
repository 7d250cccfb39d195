"""A forecast as an Excel file that comes back: what it says differently is written."""

from app.planning.services.spreadsheets.reading import (
    FileChange,
    FileTold,
    apply_changes,
    keep_file,
    read_file,
)
from app.planning.services.spreadsheets.writing import (
    SEES_ALL,
    file_name,
    forecast_file,
    is_large,
    store_forecast_file,
)

__all__ = [
    "SEES_ALL",
    "FileChange",
    "FileTold",
    "apply_changes",
    "file_name",
    "forecast_file",
    "is_large",
    "keep_file",
    "read_file",
    "store_forecast_file",
]
