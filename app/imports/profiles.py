"""Profiles: how the files of one sender are read, kept under a name."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert

from app.core.db import db, transaction
from app.core.errors import Invalid
from app.imports.models import ImportProfile, ImportRun
from app.imports.reading import Layout

LONGEST_NAME = 100


def profiles_of(kinds: Collection[str]) -> Select[ImportProfile]:
    """Profiles of some kinds of files."""
    return select(ImportProfile).where(ImportProfile.kind.in_(kinds))


def profile_names(kinds: Collection[str]) -> dict[str, str]:
    """Name the profiles of some kinds of files."""
    names = select(ImportProfile.name).where(ImportProfile.kind.in_(kinds))
    found = db.session.scalars(names.order_by(func.lower(ImportProfile.name)))
    return {name: name for name in found}


def profile_named(kind: str, name: str) -> ImportProfile:
    """Find a profile.

    Raises:
        Invalid: There is none of this name.
    """
    same = func.lower(ImportProfile.name) == name.strip().lower()
    found = db.session.scalars(profiles_of([kind]).where(same)).one_or_none()
    if found is None:
        raise Invalid("profile", f"There is no profile “{name}”.")
    return found


def profile_layout(profile: ImportProfile | None, layout: Mapping[str, Any]) -> Layout:
    """Put together what a profile says of how to read a file, and what was said of this one."""
    said = {name: value for name, value in layout.items() if value not in ("", 0)}
    kept = profile.layout if profile else {}
    return Layout.of({**layout, **kept, **said})


def keep_profile(run: ImportRun) -> None:
    """Keep what was chosen for a file under the name of its profile.

    Raises:
        Invalid: The name is too long.
    """
    if len(run.profile) > LONGEST_NAME:
        raise Invalid("profile", f"At most {LONGEST_NAME} characters.")
    kept = {
        "layout": {**run.layout, "header_row": 0},  # another file may have more above it
        "mapping": run.mapping,
        "fixed": run.fixed,
        "update": run.update,
        "options": run.options,
    }
    statement = insert(ImportProfile).values(kind=run.kind, name=run.profile, **kept)
    with transaction() as session:
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["kind", func.lower(ImportProfile.name)],
                set_={name: statement.excluded[name] for name in kept},
            )
        )


def delete_profile(profile_id: int) -> None:
    """Forget a profile; what was imported by it stays."""
    with transaction() as session:
        profile = session.get(ImportProfile, profile_id)
        if profile is not None:
            session.delete(profile)
