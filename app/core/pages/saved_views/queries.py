"""Selects over saved views and preferences: each person's own, and those of the role."""

from sqlalchemy import ColumnElement, Select, func, or_, select

from app.core.pages.saved_views.models import ListPreference, SavedView


def visible(user_id: int, role_id: int) -> Select[SavedView]:
    """Views that a person may use, by name."""
    return (
        select(SavedView)
        .where(_is_visible(user_id, role_id))
        .order_by(func.lower(SavedView.name), SavedView.id)
    )


def own(user_id: int) -> Select[SavedView]:
    """Views that are a person's to change."""
    return select(SavedView).where(SavedView.owner_id == user_id)


def named(user_id: int, *, list_name: str, name: str) -> Select[SavedView]:
    """A person's own view with a name, in any case."""
    same_name = func.lower(SavedView.name) == func.lower(name)
    return own(user_id).where(SavedView.list_name == list_name, same_name)


def preference(user_id: int, list_name: str) -> Select[ListPreference]:
    """What a person has chosen for a list."""
    return select(ListPreference).where(
        ListPreference.user_id == user_id, ListPreference.list_name == list_name
    )


def chosen(user_id: int, role_id: int, list_name: str) -> Select[list[str], SavedView | None]:
    """The columns a person has chosen for a list, and the view that it begins with."""
    is_there = (SavedView.id == ListPreference.view_id) & _is_visible(user_id, role_id)
    return (
        select(ListPreference.columns, SavedView)
        .outerjoin(SavedView, is_there)
        .where(ListPreference.user_id == user_id, ListPreference.list_name == list_name)
    )


def _is_visible(user_id: int, role_id: int) -> ColumnElement[bool]:
    return or_(SavedView.owner_id == user_id, SavedView.role_id == role_id)
