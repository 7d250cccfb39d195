"""What search brings: the command bar, and the named indexes."""

from app.core.slices import Slice
from app.search import api, views

SLICE = Slice(
    name="search",
    pages=(views.bp,),
    api=(api.bp,),
)
