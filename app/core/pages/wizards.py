"""A task of several steps, whose state is that of its record: one can leave and come back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, request
from werkzeug import Response

from app.core.pages.buttons import Button
from app.core.pages.records import Crumb
from app.core.pages.resources import Resource
from app.core.pages.wording import Text, worded
from app.core.permissions import requires
from app.core.web import render


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step; the first one, which makes the record, is the form of an action."""

    name: str
    title: str
    body: str = ""
    context: Callable[[Any], Mapping[str, Any]] = field(default=lambda _record: {})
    buttons: Sequence[Button] = ()  # on, and back
    can_return: Callable[[Any], bool] = lambda _record: False  # by `step=` in the address


@dataclass(frozen=True, kw_only=True)
class Wizard:
    """Steps of a record; `at` names the one it has come to, or nothing after the last."""

    resource: Resource
    permission: str
    steps: Sequence[Step]
    at: Callable[[Any], str]
    done: Step  # what is shown after the last
    heading: Text
    title: Text = ""  # of the window
    subtitle: Text = ""
    crumbs: Callable[[Any], Sequence[Crumb]] = lambda _record: ()

    def add_to(self, blueprint: Blueprint, endpoint: str = "show") -> None:
        """Give it its address."""
        view = requires(self.permission)(self._view())
        blueprint.add_url_rule(self.resource.rule, endpoint, view)

    def _view(self) -> Callable[..., Response]:
        def show(**ids: Any) -> Response:
            return self.show(self.resource.find(*ids.values()))

        return show

    def show(
        self, record: Any, *, step: str | None = None, status: int = 200, **more: Any
    ) -> Response:
        """Show the step that a record is at, or the one asked for."""
        shown = self.step(self._asked(record) if step is None else step)
        context = {self.resource.name: record, **shown.context(record), **more}
        return render(
            "pages/wizard.html",
            fragment="record",
            status=status,
            wizard=self,
            record=record,
            step=shown,
            number=self.number(shown),
            crumbs=self.crumbs(record),
            **context,
        )

    @property
    def titles(self) -> list[str]:
        """What the steps are called."""
        return [step.title for step in self.steps]

    def step(self, name: str) -> Step:
        """Give a step by its name."""
        return next((step for step in self.steps if step.name == name), self.done)

    def number(self, step: Step) -> int:
        """Count it from 1; one more than there are is the end."""
        return self.steps.index(step) + 1 if step in self.steps else len(self.steps) + 1

    def text(self, name: str, record: Any) -> str:
        """Write one of its texts; the window is called as the page is."""
        return worded(getattr(self, name) or (self.heading if name == "title" else ""), record)

    def _asked(self, record: Any) -> str:
        """Go back where the address says so, as far as that is possible."""
        asked = self.step(request.args.get("step", ""))
        return asked.name if asked.can_return(record) else self.at(record)
