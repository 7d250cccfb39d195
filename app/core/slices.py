"""What each slice brings, as its `slice.py` says it; the kernel reads it all from here.

Where things stand in a row (areas, settings, places, groups of a search, schedules) each has an
`order`: a smaller number comes first, and what has the same follows the order of the slices.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from flask import Blueprint, Flask, current_app

if TYPE_CHECKING:
    from click import Command
    from flask_smorest import Blueprint as ApiBlueprint

    from app.core.alerts import AlertKind
    from app.core.events import Periodic
    from app.core.navigation import Place
    from app.core.pages.choices import ChoiceList
    from app.core.permissions import Area
    from app.core.search import SearchGroup
    from app.core.settings.definitions import Definition
    from app.core.webhooks import WebhookEvent


class UnfitSlice(ValueError):
    """A slice brings what cannot stand beside what others bring."""


class Importable(Protocol):
    """A kind of table that can be imported; `app.imports` says what else it has."""

    @property
    def kind(self) -> str:
        """The name by which addresses and commands call it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """What one slice brings.

    An entry of `api` may be a function, where the blueprint depends on what all slices bring.
    `records` name the page of a record by its table, `topics` the permission that listening to
    a topic takes, `guarded` the one that seeing a field takes, by its name, wherever it is told
    of: in histories, in conflicts. `documents` are what movements of stock name as their cause:
    each gives the names of some of them by id, and `records` has their page by the same word.
    `uses` say what still needs a record of a table: it is not taken out of use then. `provides`
    answers what slices further down ask for by a name. `installs` make what an installation
    begins with: at every `flask setup`, and nothing twice.
    """

    name: str
    pages: Sequence[Blueprint] = ()
    api: Sequence[ApiBlueprint | Callable[[Slices], ApiBlueprint]] = ()
    commands: Sequence[Command] = ()
    permissions: Sequence[Area] = ()
    settings: Sequence[Definition] = ()
    places: Sequence[Place] = ()
    tablet_places: Sequence[Place] = ()
    records: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[str, Callable[[Collection[int]], Mapping[int, str]]] = field(
        default_factory=dict
    )
    search: Sequence[SearchGroup] = ()
    choices: Sequence[ChoiceList] = ()
    importers: Sequence[Importable] = ()
    topics: Mapping[str, str] = field(default_factory=dict)
    guarded: Mapping[str, str] = field(default_factory=dict)
    uses: Mapping[str, Callable[[int], Sequence[str]]] = field(default_factory=dict)
    schedule: Mapping[str, Periodic] = field(default_factory=dict)
    webhooks: Sequence[WebhookEvent] = ()
    alerts: Sequence[AlertKind] = ()
    installs: Sequence[Callable[[], None]] = ()
    provides: Mapping[str, Any] = field(default_factory=dict)


class Slices:
    """What all slices bring together.

    `groups` are those of the side bar, in their order.

    Raises:
        UnfitSlice: Two bring the same, or a place stands in a group that is not there.
    """

    def __init__(self, slices: Sequence[Slice], *, groups: Sequence[str]) -> None:
        self._slices = tuple(slices)
        self._groups = tuple(groups)
        for what, names in UNIQUE.items():
            _refuse_doubles(what, names, self._slices)
        for one in self._slices:
            if strays := {place.group for place in one.places} - set(groups):
                raise UnfitSlice(f"The side bar has no group {strays.pop()} ({one.name}).")

    def init_app(self, app: Flask) -> None:
        """Let the kernel read what the slices bring."""
        app.extensions["slices"] = self

    @cached_property
    def pages(self) -> list[Blueprint]:
        """The pages of all slices."""
        return [pages for one in self._slices for pages in one.pages]

    @cached_property
    def api(self) -> list[ApiBlueprint]:
        """The API, in the order in which it is described."""
        calls = [calls for one in self._slices for calls in one.api]
        return [one if isinstance(one, Blueprint) else one(self) for one in calls]

    @cached_property
    def commands(self) -> list[Command]:
        """The commands beside Flask's own."""
        return [command for one in self._slices for command in one.commands]

    @cached_property
    def permissions(self) -> dict[str, dict[str, str]]:
        """Give every permission: area, verb, and what it allows, as the role editor says it."""
        areas: dict[str, dict[str, str]] = {}
        for area in self._areas:
            areas.setdefault(area.name, {}).update({v.name: v.label for v in area.verbs})
        return areas

    @cached_property
    def first_holders(self) -> dict[str, tuple[str, ...]]:
        """The built-in roles that hold a permission from the start."""
        return {
            f"{area.name}.{verb.name}": verb.roles
            for area in self._areas
            for verb in area.verbs
        }

    @cached_property
    def settings(self) -> list[Definition]:
        """Every setting there is."""
        return _in_order(entry for one in self._slices for entry in one.settings)

    @cached_property
    def places(self) -> dict[str, list[Place]]:
        """The places of the side bar, by group."""
        places = _in_order(place for one in self._slices for place in one.places)
        return {title: [p for p in places if p.group == title] for title in self._groups}

    @cached_property
    def tablet_places(self) -> list[Place]:
        """What the first screen of a tablet offers."""
        return _in_order(place for one in self._slices for place in one.tablet_places)

    @cached_property
    def records(self) -> dict[str, str]:
        """The page of a record, by the name of its table."""
        return {table: page for one in self._slices for table, page in one.records.items()}

    @cached_property
    def search(self) -> list[SearchGroup]:
        """The groups of the command bar."""
        return _in_order(group for one in self._slices for group in one.search)

    @cached_property
    def choices(self) -> dict[str, ChoiceList]:
        """What the comboboxes offer, by name."""
        return {offered.name: offered for one in self._slices for offered in one.choices}

    @cached_property
    def importers(self) -> dict[str, Any]:
        """Everything that can be imported, by kind."""
        return {importer.kind: importer for one in self._slices for importer in one.importers}

    @cached_property
    def documents(self) -> dict[str, Callable[[Collection[int]], Mapping[int, str]]]:
        """What gives the names of documents, by the word that movements call them."""
        return {word: names for one in self._slices for word, names in one.documents.items()}

    @cached_property
    def uses(self) -> dict[str, list[Callable[[int], Sequence[str]]]]:
        """What each slice knows of the use of records, by their table."""
        found: dict[str, list[Callable[[int], Sequence[str]]]] = {}
        for one in self._slices:
            for table, use in one.uses.items():
                found.setdefault(table, []).append(use)
        return found

    @cached_property
    def topics(self) -> dict[str, str]:
        """The permission that listening to a topic takes."""
        return {topic: takes for one in self._slices for topic, takes in one.topics.items()}

    @cached_property
    def guarded(self) -> dict[str, str]:
        """The permission that seeing a field takes."""
        return {name: takes for one in self._slices for name, takes in one.guarded.items()}

    @cached_property
    def schedule(self) -> dict[str, Periodic]:
        """What runs when."""
        entries = [entry for one in self._slices for entry in one.schedule.items()]
        return dict(sorted(entries, key=lambda entry: entry[1].order))

    @cached_property
    def webhooks(self) -> dict[str, WebhookEvent]:
        """What other programs may hear of, by name."""
        return {told.name: told for one in self._slices for told in one.webhooks}

    @cached_property
    def alerts(self) -> dict[str, AlertKind]:
        """What people may be told that somebody has to put right, by name."""
        return {kind.name: kind for one in self._slices for kind in one.alerts}

    @cached_property
    def installs(self) -> list[Callable[[], None]]:
        """What makes what every installation begins with."""
        return [install for one in self._slices for install in one.installs]

    @cached_property
    def provided(self) -> dict[str, Any]:
        """What slices further down ask for, by its name."""
        return {name: what for one in self._slices for name, what in one.provides.items()}

    @cached_property
    def _areas(self) -> list[Area]:
        return _in_order(area for one in self._slices for area in one.permissions)


def load(*packages: str) -> tuple[Slice, ...]:
    """Read the manifests of packages: each is the constant SLICE of its module `slice`."""
    return tuple(import_module(f"{package}.slice").SLICE for package in packages)


def slices() -> Slices:
    """Give what the slices of this application bring."""
    known: Slices = current_app.extensions["slices"]
    return known


class _Ordered(Protocol):
    @property
    def order(self) -> int: ...


T = TypeVar("T", bound=_Ordered)


def _in_order(entries: Iterable[T]) -> list[T]:
    return sorted(entries, key=lambda entry: entry.order)


def _permission_names(one: Slice) -> list[str]:
    return [f"{area.name}.{verb.name}" for area in one.permissions for verb in area.verbs]


def _blueprint_names(one: Slice) -> list[str]:
    return [calls.name for calls in (*one.pages, *one.api) if isinstance(calls, Blueprint)]


# What no two may bring: these names are looked up, and one would quietly hide the other.
UNIQUE: Mapping[str, Callable[[Slice], Iterable[str | None]]] = {
    "name": lambda one: [one.name],
    "permission": _permission_names,
    "blueprint": _blueprint_names,
    "command": lambda one: [command.name for command in one.commands],
    "setting": lambda one: [definition.key for definition in one.settings],
    "record": lambda one: one.records,
    "document": lambda one: one.documents,
    "search group": lambda one: [group.area for group in one.search],
    "list of choices": lambda one: [offered.name for offered in one.choices],
    "importer": lambda one: [importer.kind for importer in one.importers],
    "topic": lambda one: one.topics,
    "guarded field": lambda one: one.guarded,
    "schedule": lambda one: one.schedule,
    "webhook": lambda one: [told.name for told in one.webhooks],
    "kind of alert": lambda one: [kind.name for kind in one.alerts],
    "answer": lambda one: one.provides,
}


def _refuse_doubles(
    what: str, names: Callable[[Slice], Iterable[str | None]], slices: Iterable[Slice]
) -> None:
    owners: dict[str | None, str] = {}
    for one in slices:
        for name in names(one):
            if name in owners:
                both = f"{owners[name]} and {one.name}"
                raise UnfitSlice(f"The {what} {name} is brought twice: by {both}.")
            owners[name] = one.name
