"""What the command bar finds, group by group, and the record a scanned code stands for."""

from collections.abc import Sequence

from flask import url_for

from app.core.navigation import navigation
from app.core.permissions import may
from app.core.search import MOST, Result
from app.core.slices import slices

Group = tuple[str, list[Result]]


def exact(term: str) -> list[Result]:
    """Give the records of any kind whose code or number this is, as a scanner sends it."""
    asked = [group for group in slices().search if may(group.permission)]
    return [result for group in asked for result in group.exact(term)]


def groups(term: str, *, exact: Sequence[Result] = ()) -> list[Group]:
    """Give what a term finds among what the person may see, beside what it names exactly.

    A group that is full ends with a link to the list of all.
    """
    known = {result.key for result in exact}
    everything = [("Exact match", [*exact])]
    for group in slices().search:
        some = group.find(term) if may(group.permission) else []
        others = [result for result in some if result.key not in known]
        if len(some) == MOST:
            others.append(_all(group.area, term))
        everything.append((group.area.capitalize(), others))
    everything.append(("Pages", _pages(term)))
    return [(title, some) for title, some in everything if some]


def _all(area: str, term: str) -> Result:
    href = url_for(f"{area}.index", search=term)
    return Result(f"all-{area}", href, f"All {area} with “{term}”", icon="search")


def _pages(term: str) -> list[Result]:
    """Find entries of the side bar, of which only those that may be opened are there."""
    items = [item for section in navigation() for item in section["items"]]
    wanted = term.casefold()
    named = [item for item in items if wanted in item["label"].casefold()]
    return [
        Result(
            f"page-{item['label'].casefold().replace(' ', '-')}", item["href"], item["label"]
        )
        for item in named[:MOST]
    ]
