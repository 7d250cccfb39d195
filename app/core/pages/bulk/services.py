"""Beginning a bulk action."""

from typing import TYPE_CHECKING, Any

from app.core.db import transaction
from app.core.errors import DomainError
from app.core.jobs import JobRun
from app.core.pages.bulk.jobs import apply_action
from app.core.pages.bulk.selections import Selection, count

if TYPE_CHECKING:
    from app.core.pages.bulk.actions import BulkAction
    from app.core.pages.lists import ListPage


class NothingSelected(DomainError):
    """An action was asked for, and no row is meant."""

    status = 422


def begin_action(
    page: "ListPage", action: "BulkAction", selection: Selection, values: dict[str, Any]
) -> JobRun:
    """Let a job do it.

    Raises:
        NothingSelected: No row is meant.
    """
    number = count(page, selection)
    if not number:
        raise NothingSelected("Select some rows first.")
    ids = None if selection.ids is None else list(selection.ids)
    with transaction() as session:
        run = apply_action.enqueue(
            list_name=page.name,
            action_name=action.name,
            ids=ids,
            filters=dict(selection.filters),
            zone=selection.zone,
            about=dict(selection.about),
            values=values,
        )
        run.label = f"{action.label}: {page.counted(number)}"
        session.flush()
    return run
