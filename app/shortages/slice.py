"""What buying what is missing brings."""

from app.core.slices import Slice
from app.shortages import api, views

SLICE = Slice(name="shortages", pages=(views.bp,), api=(api.bp,))
