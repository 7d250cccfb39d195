"""What a system brings: one manifest each, in `systems/<name>/system.py`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Blueprint, Flask, current_app
from werkzeug.utils import import_string

from app.core.events import Event, Periodic, Wiring
from app.core.jobs import Job
from app.core.slices import Slice
from app.integrations.hub.connector import Connector
from app.integrations.hub.models import Connection
from app.integrations.inbound.targets import Target
from app.orders.channels import register_channels


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the page of a connection: a template, and what it is to be told as `shown`."""

    template: str
    shown: Callable[[Connection], Any] = lambda _connection: None


@dataclass(frozen=True, kw_only=True)
class System:
    """An outside system. Only the connector is a must.

    `targets` say what its records become here, in this order; a stream without one is only
    mirrored. `callback` is the endpoint where its sign-in sends people back to. `sections`
    stand on the page of each of its connections. A system that `sells` is a sales channel: its
    orders become ours.
    """

    connector: Connector
    targets: Sequence[Target] = ()
    callback: str = ""
    sections: Sequence[Section] = ()
    sells: bool = False
    pages: Sequence[Blueprint] = ()
    api: Sequence[Any] = ()  # blueprints that describe themselves
    jobs: Mapping[type[Event], Sequence[Job[...]]] = field(default_factory=dict)
    schedule: Mapping[str, Periodic] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """How connections name it."""
        return self.connector.system

    @property
    def slice(self) -> Slice:
        """What it brings to the kernel, as a slice does."""
        return Slice(name=self.name, pages=self.pages, api=self.api, schedule=self.schedule)


def load_systems(*names: str) -> tuple[System, ...]:
    """Load the manifests of some systems, by the names of their folders."""
    here = f"{__package__}.systems"
    return tuple(import_string(f"{here}.{name}.system:SYSTEM") for name in names)


def wired(wiring: Wiring, systems: Sequence[System]) -> Wiring:
    """Add the jobs that follow events in some systems."""
    jobs = {event: [*following] for event, following in wiring.jobs.items()}
    for system in systems:
        for event, following in system.jobs.items():
            jobs.setdefault(event, []).extend(following)
    return replace(wiring, jobs=jobs)


def register(app: Flask, systems: Sequence[System]) -> None:
    """Make systems known, in the order in which they are offered."""
    app.extensions["systems"] = {one.name: one for one in systems}
    app.extensions["connectors"] = {one.name: one.connector for one in systems}
    register_channels(app, {one.name: one.connector.label for one in systems if one.sells})
    app.extensions["targets"] = {one.name: one.targets for one in systems}


def find_system(name: str) -> System:
    """Give one of the systems.

    Raises:
        KeyError: There is none.
    """
    known: Mapping[str, System] = current_app.extensions["systems"]
    return known[name]
