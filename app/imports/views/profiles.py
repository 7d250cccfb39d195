"""Profiles: how files of senders are read; a profile is made with a file, and deleted here."""

from typing import Any

from flask import Blueprint, url_for
from sqlalchemy import Select, func

from app.core.pages import Action, Asked, Column, ListPage, Nothing, RecordPage, Resource
from app.core.permissions import SIGNED_IN
from app.imports import profiles
from app.imports.definition import importers
from app.imports.lists import my_importers
from app.imports.models import ImportProfile

bp = Blueprint("import_profiles", __name__, url_prefix="/import-profiles")


def _mine(_asked: Asked) -> Select[Any]:
    return profiles.profiles_of(my_importers())


PROFILES = ListPage(
    name="import_profiles",
    title="Profiles of imports",
    subtitle="How the files of a sender are read.",
    permission=SIGNED_IN,
    query=_mine,
    key=ImportProfile.id,
    sort="name",
    href=lambda profile: url_for("import_profiles.show", profile_id=profile.id),
    columns=(
        Column(
            name="name",
            title="Name",
            sort=func.lower(ImportProfile.name),
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(name="what", title="What", value=lambda one: importers()[one.kind].label),
        Column(name="created_at", title="Since", kind="moment", place="meta"),
    ),
    nothing=Nothing(
        title="No profiles yet.",
        advice="Give one a name when you choose the columns of a file.",
        icon="upload",
    ),
)
PROFILES.add_to(bp)

PROFILE = Resource(
    name="profile",
    area="import_profiles",
    query=lambda profile_id: profiles.profiles_of(my_importers()).where(
        ImportProfile.id == profile_id
    ),
    rule="/<int:profile_id>",
    keys={"profile_id": "id"},
)
delete = Action(
    resource=PROFILE,
    name="delete",
    path="/delete",
    title="Delete",
    permission=SIGNED_IN,
    question="Delete the profile {0.name}? What was imported by it stays.",
    act=profiles.delete_profile,
    done="{0.name} is deleted.",
    to=lambda _profile: url_for("import_profiles.index"),
    leaves=True,
    kind="danger",
    icon="trash",
)
delete.add_to(bp)


def _labelled(profile: ImportProfile) -> dict[str, Any]:
    """What it says, by the fields' own labels."""
    importer = importers()[profile.kind]
    return {
        "columns": [(importer.label_of(name), text) for name, text in profile.mapping.items()],
        "fixed": [(importer.label_of(name), text) for name, text in profile.fixed.items()],
    }


profile_page = RecordPage(
    resource=PROFILE,
    permission=SIGNED_IN,
    heading="{0.name}",
    subtitle=lambda profile: importers()[profile.kind].label,
    crumbs=lambda _profile: [("Profiles of imports", url_for("import_profiles.index"))],
    buttons=(delete,),
    body="imports/_profile.html",
    context=_labelled,
    has_history=False,
)
profile_page.add_to(bp)
