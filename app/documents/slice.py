"""What documents bring: nothing by themselves; kinds of document hang their papers on it."""

from app.core.slices import Slice
from app.documents.alerts import ALERTS

SLICE = Slice(name="documents", alerts=ALERTS)
