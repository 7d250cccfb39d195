"""Pages of pick & pack: the tablet's, and the board of the office."""

from app.core.errors import refuse_on
from app.fulfilment.views.board import bp as picking
from app.fulfilment.views.pack import bp as pack
from app.fulfilment.views.pick import bp as pick
from app.fulfilment.views.putbacks import bp as putbacks
from app.scanning.responses import PROBLEM

__all__ = ["pack", "pick", "picking", "putbacks"]

for tablet in (pick, pack, putbacks):
    refuse_on(PROBLEM, tablet)
