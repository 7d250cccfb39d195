"""What the command bar finds, group by group, and the record a scanned code stands for."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from flask import url_for

from app.core.navigation import navigation
from app.core.permissions import may
from app.core.search import MOST, Result, SearchGroup
from app.core.slices import slices

Group = tuple[str, list[Result]]


class Found(NamedTuple):
    """A record that was found, and where it belongs."""

    group: SearchGroup
    result: Result
    is_exact: bool

    @property
    def id(self) -> int:
        """Its id, which its key ends with."""
        return int(self.result.key.rpartition("-")[2])


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
            others.append(_all(group, term))
        everything.append((group.label, others))
    everything.append(("Pages", _pages(term)))
    return [(title, some) for title, some in everything if some]


def records(term: str) -> Iterator[Found]:
    """Give what a term names exactly, then what else it finds, as far as the caller may see.

    Each with the group that it belongs to, and whether it is named exactly.
    """
    asked = [group for group in slices().search if may(group.permission)]
    named = [(group, result) for group in asked for result in group.exact(term)]
    yield from (Found(group, result, is_exact=True) for group, result in named)
    known = {result.key for _group, result in named}
    for group in asked:
        others = [result for result in group.find(term) if result.key not in known]
        yield from (Found(group, result, is_exact=False) for result in others)


def _all(group: SearchGroup, term: str) -> Result:
    href = url_for(f"{group.area}.index", search=term)
    words = group.label[0].lower() + group.label[1:]
    return Result(f"all-{group.area}", href, f"All {words} with “{term}”", icon="search")


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
