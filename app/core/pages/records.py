"""The page of one record: declared by a slice, drawn and kept fresh here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint
from werkzeug import Response

from app.core import audit
from app.core.db import db
from app.core.forms import Form
from app.core.pages.buttons import Button
from app.core.pages.resources import Resource
from app.core.pages.wording import Text, worded
from app.core.permissions import requires
from app.core.web import render, wants_fragment

Crumb = tuple[str, str]
HISTORY_SHOWN = 30


@dataclass(frozen=True, kw_only=True)
class RecordPage:
    """What is known of one record, and what may be done with it.

    `body` is the template of all below its head; it includes "pages/_history.html" where the
    history is to stand. `look` makes of the record what buttons decide by, if they need more
    than it says itself: templates have that as `shown`.

    Where the page shows who looks at it too, its head is outside of what refreshes itself: a
    websocket must not be drawn anew. Its buttons then follow by themselves.
    """

    resource: Resource
    permission: str
    heading: Text
    body: str
    query: Callable[..., Any] | None = None  # where it shows more than the resource holds
    title: Text = ""  # of the window
    subtitle: Text = ""
    crumbs: Callable[[Any], Sequence[Crumb]] = lambda _record: ()
    buttons: Sequence[Button] = ()
    has_row: bool = False  # of buttons, below its head;
    row: str = ""  # a template that the row begins with
    look: Callable[[Any], Any] = lambda record: record
    context: Callable[[Any], Mapping[str, Any]] = field(default=lambda _record: {})
    topic: Callable[[Any], str] = lambda _record: ""  # shows who looks at it too
    sockets: Callable[[Any], str] = lambda _record: ""  # a topic that is only listened to
    news: Text = ""  # id of what a websocket puts in to have it refreshed
    events: Sequence[str] = ()  # of the page, besides the resource's
    forms: Mapping[str, type[Form]] = field(default_factory=dict)  # that stand on the page
    has_history: bool = True
    labels: Mapping[str, str] = field(default_factory=dict)  # of fields in the history
    history_shown: int = HISTORY_SHOWN
    has_charts: bool = False

    def add_to(self, blueprint: Blueprint, endpoint: str = "show") -> None:
        """Give it its address."""
        view = requires(self.permission)(self._view())
        blueprint.add_url_rule(self.resource.rule, endpoint, view)

    def _view(self) -> Callable[..., Response]:
        """Make a plain function of a method: Flask keeps on it what is declared."""

        def show(**ids: Any) -> Response:
            return self.show(self.find(*ids.values()))

        show.page = self  # type: ignore[attr-defined]  # for whoever wants to know what it says
        return show

    def find(self, *ids: Any) -> Any:
        """Give the record with all that the page shows of it."""
        return self.resource.find(*ids, query=self.query)

    def show(self, record: Any, *, status: int = 200, **more: Any) -> Response:
        """Show it; htmx receives only what refreshes itself."""
        forms = {name: form() for name, form in self.forms.items() if name not in more}
        context = {self.resource.name: record, **self.context(record), **forms, **more}
        return render(
            "pages/record.html",
            fragment="record",
            status=status,
            record_page=self,
            record=record,
            shown=self.look(record),
            here=self.resource.href(record),
            crumbs=self.crumbs(record),
            topic=self.topic(record),
            history=self._history(record),
            is_fragment=wants_fragment(),
            **context,
        )

    @property
    def trigger(self) -> str:
        """What makes the page fetch itself again, as htmx writes it."""
        events = dict.fromkeys([self.resource.event, *self.events, "opsroom:back"])
        heard = [f"{event} from:body" for event in events if event]
        return ", ".join([*heard, "opsroom:news"])

    def text(self, name: str, record: Any) -> str:
        """Write one of its texts; the window is called as the page is."""
        return worded(getattr(self, name) or (self.heading if name == "title" else ""), record)

    def _history(self, record: Any) -> Sequence[Any]:
        if not self.has_history:
            return ()
        found = db.session.scalars(audit.history(record).limit(self.history_shown))
        return audit.read(found)
