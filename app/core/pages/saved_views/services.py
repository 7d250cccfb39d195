"""What people do with views: keep one, change it, forget it, begin with it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert

from app.core.db import transaction
from app.core.errors import AlreadyExists, DomainError, Invalid
from app.core.pages.saved_views import queries
from app.core.pages.saved_views.models import ListPreference, SavedView

LONGEST_NAME = 60
MOST_VIEWS = 50  # of one person and list: a menu that is longer is no help


class NoSuchView(DomainError):
    """There is no such view, or it is somebody else's."""

    status = 404


class NotYours(DomainError):
    """A view is somebody else's, who alone may change it."""


class TooManyViews(DomainError):
    """A person has as many views of one list as a menu can hold."""


def save_view(
    user_id: int,
    *,
    list_name: str,
    name: str,
    state: Mapping[str, str],
    columns: Sequence[str] = (),
    role_id: int | None = None,
) -> SavedView:
    """Keep a view; one of the person's own with this name becomes what is given now.

    Raises:
        Invalid: It has no name, or one that is too long.
        TooManyViews: There are MOST_VIEWS already.
    """
    name = _checked(name)
    with transaction() as session:
        _lock(user_id)
        view = session.scalars(queries.named(user_id, list_name=list_name, name=name)).first()
        if view is None:
            _check_room(user_id, list_name)
            view = SavedView(owner_id=user_id, list_name=list_name, name=name)
            session.add(view)
        view.name, view.state, view.columns = name, dict(state), list(columns)
        view.role_id = role_id
        session.flush()
    return view


def create_view(user_id: int, *, list_name: str, name: str, **rest: Any) -> SavedView:
    """Keep a view under a name that the person has not used yet for this list.

    Raises:
        AlreadyExists: There is one with this name.
        Invalid, TooManyViews: As `save_view` says.
    """
    with transaction() as session:
        _lock(user_id)
        _check_free(
            session.scalars(queries.named(user_id, list_name=list_name, name=name)).first()
        )
        return save_view(user_id, list_name=list_name, name=name, **rest)


def revise_view(
    user_id: int, view_id: int, *, version: int | None = None, **changes: Any
) -> SavedView:
    """Change the name, the state, the columns or the role of one's own view.

    Raises:
        NoSuchView: It is not there, or somebody else's.
        AlreadyExists: Another one has the name.
        Invalid: It has no name, or one that is too long.
        StaleVersion: It has been changed since `version`.
    """
    with transaction() as session:
        _lock(user_id)
        view = _own(user_id, view_id)
        changes = view.merge(version=version, **changes)
        if "name" in changes:
            changes["name"] = _checked(changes["name"])
            others = queries.named(user_id, list_name=view.list_name, name=changes["name"])
            _check_free(session.scalars(others.where(SavedView.id != view_id)).first())
        view.revise(version=None, **changes)
    return view


def delete_view(user_id: int, view_id: int) -> str:
    """Forget one's own view, and give its name.

    Raises:
        NoSuchView: It is not there, or somebody else's.
    """
    with transaction() as session:
        view = _own(user_id, view_id)
        session.delete(view)
    return view.name


def begin_with(user_id: int, role_id: int, *, list_name: str, view_id: int | None) -> None:
    """Let a list begin with a view; None: with everything, as at first.

    Raises:
        NoSuchView: It is not there, not of this list, or not the person's to use.
    """
    with transaction() as session:
        if view_id is not None:
            usable = queries.visible(user_id, role_id).where(
                SavedView.id == view_id, SavedView.list_name == list_name
            )
            if session.scalars(usable).first() is None:
                raise NoSuchView("There is no such view.")
        _prefer(user_id, list_name, view_id=view_id)


def choose_columns(
    user_id: int, *, list_name: str, columns: Sequence[str], view: SavedView | None = None
) -> None:
    """Keep the columns of a list and their order, or those of one's own view; none: the usual.

    Raises:
        NotYours: The view is somebody else's.
    """
    if view is not None and view.owner_id == user_id:
        revise_view(user_id, view.id, columns=list(columns))
    elif view is not None and view.columns:
        reason = f"“{view.name}” is somebody else's view: save it under a name of your own."
        raise NotYours(reason)
    else:
        _prefer(user_id, list_name, columns=list(columns))


def _prefer(user_id: int, list_name: str, **chosen: Any) -> None:
    row = insert(ListPreference).values(user_id=user_id, list_name=list_name, **chosen)
    with transaction() as session:
        session.execute(
            row.on_conflict_do_update(index_elements=["user_id", "list_name"], set_=chosen)
        )


def _own(user_id: int, view_id: int) -> SavedView:
    with transaction() as session:
        mine = queries.own(user_id).where(SavedView.id == view_id)
        view = session.scalars(mine.with_for_update()).one_or_none()
    if view is None:
        raise NoSuchView("There is no such view of yours.")
    return view


def _lock(user_id: int) -> None:
    """Let one person's views be named one after the other."""
    with transaction() as session:
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtext('saved_view'), :user)"),
            {"user": user_id % 2**31},
        )


def _checked(name: str) -> str:
    name = " ".join(name.replace("\0", "").split())
    if not name:
        raise Invalid("name", "A view needs a name.")
    if len(name) > LONGEST_NAME:
        raise Invalid("name", f"At most {LONGEST_NAME} characters.")
    return name


def _check_free(other: SavedView | None) -> None:
    if other is not None:
        raise AlreadyExists("name", f"You have a view “{other.name}” already.")


def _check_room(user_id: int, list_name: str) -> None:
    mine = queries.own(user_id).where(SavedView.list_name == list_name).subquery()
    with transaction() as session:
        number = session.scalar(select(func.count()).select_from(mine)) or 0
    if number >= MOST_VIEWS:
        raise TooManyViews(f"{MOST_VIEWS} views of one list are the most. Delete one first.")
