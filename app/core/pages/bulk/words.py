"""What the page of a bulk action's job says: what was asked, and what came of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.core.jobs import JobRun
from app.core.jobs.definition import JobWords
from app.core.pages.bulk.actions import BulkAction, Outcome
from app.core.pages.lists import ListPage, lists
from app.core.value_texts import shown

COUNTS = ("done", "refused")


def words(run: JobRun) -> JobWords | None:
    """Say which action was asked of which rows; None if there is no such list any more."""
    asked = run.arguments
    known = lists().get(asked["list_name"])
    action = known and next(
        (one for one in known.page.actions if one.name == asked["action_name"]), None
    )
    if not known or not action:
        return None
    told = {
        "Action": action.label,
        "List": known.page.title,
        "Rows": _rows(known.page, asked),
        **_values(action, asked["values"]),
    }
    outcome = _outcome(known.page, action, run.result) if run.result else Outcome("")
    return JobWords(told, *outcome)


def _rows(page: ListPage, asked: Mapping[str, Any]) -> str:
    if asked["ids"] is not None:
        return page.counted(len(asked["ids"]))
    args = page.read_args(asked["filters"], zone=asked["zone"], about=asked["about"] or {})
    said = [
        one.says(args.texts[one.name], args[one.name])
        for one in page.filters
        if one.name in args.texts
    ]
    return ", ".join([f"all {page.nouns[1]}", *filter(None, said)])


def _values(action: BulkAction, values: Mapping[str, Any]) -> dict[str, str]:
    """What the form asked, with its labels; what it lets choose from is named."""
    if not action.form or not values:
        return {}
    form = action.form(meta={"csrf": False})
    if action.offer:
        action.offer(form)
    return {
        str(field.label.text): _named(field, values[field.name]) or "—"
        for field in form
        if field.name in values
    }


def _named(field: Any, value: Any) -> str:
    for key, label in _choices(field):
        if str(key) == str(value):
            return label
    if hasattr(field, "shown"):
        field.data = value
        return str(field.shown)
    return shown(value)


def _choices(field: Any) -> Iterator[tuple[Any, str]]:
    for choice in getattr(field, "choices", None) or ():
        yield choice[0], str(choice[1])


def _outcome(page: ListPage, action: BulkAction, result: Mapping[str, Any]) -> Outcome:
    if action.outcome:
        return action.outcome(result)
    said = [f"{page.counted(result['done'])} done"] if "done" in result else []
    if refused := result.get("refused"):
        said.append(f"{refused:,} refused")
    return Outcome(f"{', '.join(said)}." if said else "", tells=COUNTS)
