"""What imports bring; the tables that can be imported come from the other slices."""

from app.core.navigation import Place
from app.core.slices import Slice
from app.imports import api, cli, export_views, runs_api, views
from app.imports.definition import may_import
from app.imports.webhooks import WEBHOOKS

SLICE = Slice(
    name="imports",
    webhooks=WEBHOOKS,
    pages=(views.bp, views.profiles.bp, export_views.bp),
    api=(api.bp, api.profiles, runs_api.bp),
    commands=(cli.import_file,),
    places=(Place("Imports", "imports.index", "upload", may_import, 20, "Work"),),
)
