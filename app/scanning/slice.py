"""What scanning brings: the first screen of a tablet, and the test of a scanner."""

from app.core.navigation import Place
from app.core.permissions import SIGNED_IN
from app.core.slices import Slice
from app.scanning import views

SLICE = Slice(
    name="scanning",
    pages=(views.bp,),
    tablet_places=(Place("Scanner test", "tablet.scanner", "barcode", SIGNED_IN, 50),),
)
