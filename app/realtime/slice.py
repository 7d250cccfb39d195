"""What live updates bring: the websocket."""

from app.core.slices import Slice
from app.realtime import views

SLICE = Slice(
    name="realtime",
    pages=(views.bp,),
)
