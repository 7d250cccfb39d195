"""What labels bring."""

from app.core.navigation import Place
from app.core.permissions import Area, Verb
from app.core.slices import Slice
from app.labels import api, views

SLICE = Slice(
    name="labels",
    pages=(views.bp,),
    api=(api.bp,),
    permissions=(
        Area(
            "labels",
            order=100,
            verbs=(
                Verb("view", "See printed labels", ("manager", "warehouse")),
                Verb("print", "Print labels", ("manager", "warehouse")),
                Verb("manage", "Create and change label formats and printers", ("manager",)),
            ),
        ),
    ),
    places=(Place("Labels", "labels.index", "barcode", "labels.view", 10, "Work"),),
    records={"label_format": "labels.edit_format", "label_printer": "labels.edit_printer"},
)
