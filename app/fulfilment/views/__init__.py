"""Pages of pick & pack: the tablet's, and the board of the office."""

from app.fulfilment.views.board import bp as picking
from app.fulfilment.views.pack import bp as pack
from app.fulfilment.views.pick import bp as pick
from app.fulfilment.views.putbacks import bp as putbacks

__all__ = ["pack", "pick", "picking", "putbacks"]
