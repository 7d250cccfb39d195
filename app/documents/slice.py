"""What documents bring: nothing by themselves; kinds of document hang their papers on it."""

from app.core.slices import Slice

SLICE = Slice(name="documents")
