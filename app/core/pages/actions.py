"""An action: a verb with its question, form and refusal; declared by a slice, done here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from flask import Blueprint, url_for
from werkzeug import Response

from app.core.errors import DomainError
from app.core.forms import Form
from app.core.pages.resources import Resource
from app.core.pages.wording import Text, worded
from app.core.permissions import PUBLIC, SIGNED_IN, may, requires
from app.core.versions import Versioned
from app.core.web import render, respond_created, respond_redirect, respond_saved

Fill = Callable[[Any, Any], object]

EDITING = "-editing"  # ends the name of a topic

STANDS_FOR = {
    "label": "title",
    "confirm": "label",
    "heading": "title",
    "page_title": "heading",
}


def _leave(_form: Form, _record: Any) -> None:
    """Leave a form as it is."""


@dataclass(frozen=True, kw_only=True)
class Action:
    """A verb of a resource.

    `act` is the service: it takes the ids of the address and, by their names, the values of
    the form. What it gives is `{1}` in texts, the record is `{0}`; where a record `is_new`,
    what `act` gives is both. Every text may be a function instead.

    `name` is the endpoint of its POST. A form is asked for at `new_…`, or at `edit_…` for one
    that is called `update_…`: that one begins with what the record holds. Without a form it
    is a button, which may ask `question` first.
    """

    resource: Resource
    name: str
    title: Text  # of its button and of its page
    permission: str
    act: Callable[..., Any]
    done: Text = ""
    path: str = ""  # below the address of the record,
    asked_path: str | None = None  # and of its form below that; /new or /edit if it is None
    is_new: bool = False
    form: Callable[..., Form] | None = None
    make: Callable[[Any], Form] | None = None  # the form, where it depends on the record
    offer: Fill = _leave  # choices, each time the form is made
    fill: Fill = _leave  # what the form begins with
    refuses: type[DomainError] = DomainError  # what its form shows; others are a page
    # After it: to where, what else is said, or an answer of its own.
    to: Callable[[Any], str] | None = None
    leads_on: bool = False  # to what `act` gives, not to the record
    leaves: bool = False  # htmx goes there, too,
    choice: Callable[[Any], tuple[str, str]] | None = None  # or back to a combobox: code, name
    undo: Callable[[Any], str] | None = None
    reply: Callable[[Any, Any], Response] | None = None
    # The page of its form; or what shows it, where it stands on another page.
    page: Callable[[Any, Any, int], Response] | None = None
    is_asked: bool = False  # has an address of its own, all the same
    heading: Text = ""
    subtitle: Text = ""
    page_title: Text = ""
    advice: str = ""
    submit: str = ""
    fields: str = ""  # a template; without one the fields stand in their order
    above: str = ""  # templates that stand above the form, where it is a page,
    below: str = ""  # and below it
    context: Callable[[Any], Mapping[str, Any]] = lambda _record: {}
    is_wide: bool = False
    has_file: bool = False
    # Its button.
    label: Text = ""
    question: Text = ""
    confirm: str = ""
    icon: str = ""
    kind: str = ""  # primary, danger, quiet
    is_danger: bool = False  # its form ends with a red button
    is_page: bool = False  # its form is too big for a dialog
    when: Callable[[Any], bool] = lambda _record: True

    def add_to(self, blueprint: Blueprint) -> None:
        """Give it its addresses."""
        rule = f"{self.resource.list_rule if self.is_new else self.resource.rule}{self.path}"
        allowed = requires(self.permission)
        blueprint.add_url_rule(rule, self.name, allowed(self._send_view()), methods=["POST"])
        if self.has_form and (self.is_asked or not self.page):
            below = "/edit" if self.is_update else "/new"
            asked = below if self.asked_path is None else self.asked_path
            blueprint.add_url_rule(f"{rule}{asked}", self.asked_at, allowed(self._ask_view()))

        if self.is_update:
            self._make_topic_known(blueprint)

    def _make_topic_known(self, blueprint: Blueprint) -> None:
        """Let those who may edit hear who else does: see `app.realtime`."""
        known = {f"{self.resource.area}{EDITING}": self.permission}
        blueprint.record_once(
            lambda setup: setup.app.extensions.setdefault("edited", {}).update(known)
        )

    def topic(self, record: Any) -> str:
        """The websocket's topic of those who have this form of a record open."""
        ids = "-".join(str(one) for one in self._ids(record).values())
        return f"{self.resource.area}{EDITING}:{ids}"

    def _send_view(self) -> Callable[..., Response]:
        """Make a plain function of a method: Flask keeps on it what is declared."""

        def send(**ids: Any) -> Response:
            return self.send(*ids.values())

        send.action = self  # type: ignore[attr-defined]  # for whoever wants to know what it is
        return send

    def _ask_view(self) -> Callable[..., Response]:
        def ask(**ids: Any) -> Response:
            return self.ask(*ids.values())

        return ask

    @property
    def has_form(self) -> bool:
        """Tell whether it asks anything but yes or no."""
        return bool(self.form or self.make)

    @property
    def is_update(self) -> bool:
        """Tell whether its form begins with what the record holds."""
        return self.name.startswith("update")

    @property
    def asked_at(self) -> str:
        """Endpoint of its form."""
        return self.name.replace("create", "new").replace("update", "edit")

    def ask(self, *ids: Any) -> Response:
        """Show the form."""
        record = self._find(*ids)
        form = self._make(record, **{"obj": record} if self.is_update else {})
        self.offer(form, record)
        self.fill(form, record)
        return self.show(record, form)

    def send(self, *ids: Any) -> Response:
        """Do what the form says; what it says wrong, or what is refused, it shows."""
        record = self._find(*ids)
        if not self.has_form:
            return self.answer(record, self.act(*ids))
        form = self._make(record)
        self.offer(form, record)
        if form.is_rearranged:
            return self.show(record, form)
        if not form.validate_on_submit():
            return self.show(record, form, status=422)
        try:
            result = self.act(*ids, **self._values(form))
        except self.refuses as error:
            status = form.refuse(error)
            return self.show(self._find(*ids), form, status=status)  # ours is stale now
        return self.answer(record, result, form)

    def show(self, record: Any, form: Form, *, status: int = 200) -> Response:
        """Show the form with what it is about; one that is stale stands where it stood, too."""
        drawn = self.page or self._page
        response = drawn(record, form, status)
        if status == HTTPStatus.CONFLICT:  # htmx would leave the form as it is
            response.headers["HX-Retarget"] = "this"
        return response

    def _page(self, record: Any, form: Form, status: int) -> Response:
        form.make_room()
        return render(
            "pages/action.html",
            fragment="form",
            status=status,
            action=self,
            record=record,
            form=form,
            cancel=self.address(record),
            editing=self.topic(record) if self.is_update else "",
            **{self.resource.name: record},
            **self.context(record),
        )

    def answer(self, record: Any, result: Any, form: Form | None = None) -> Response:
        """Say that it was done, what stays as others left it, and where that can be seen."""
        if self.reply:
            return self.reply(record, result)
        subject = result if self.is_new else record
        here = self.address(result if self.leads_on else subject)
        message = worded(self.done, subject, result)
        if form is not None and isinstance(result, Versioned):
            message += form.says_kept(result.kept_of_others)
        if self.choice:
            value, name = self.choice(result)
            return respond_created(here, message, value=value, name=name)
        if self.leaves:
            return respond_redirect(here, message)
        undo = self.undo(result) if self.undo else ""
        return respond_saved(here, message, event=self.resource.event, undo=undo)

    def address(self, subject: Any) -> str:
        """Give the page where it can be seen, or given up."""
        return self.to(subject) if self.to else self.resource.href(subject)

    def url(self, record: Any) -> str:
        """Address that it is sent to."""
        return url_for(f"{self.resource.area}.{self.name}", **self._ids(record))

    def asked_url(self, record: Any, **more: Any) -> str:
        """Address of its form."""
        endpoint = f"{self.resource.area}.{self.asked_at}"
        return url_for(endpoint, **self._ids(record), **more)

    @property
    def is_open(self) -> bool:
        """Tell whether the person asking may do it at all."""
        return self.permission in {PUBLIC, SIGNED_IN} or may(self.permission)

    @property
    def is_live(self) -> bool:
        """Tell whether its page stays, and refreshes what has changed."""
        return not self.leaves and not self.reply

    def is_offered(self, record: Any) -> bool:
        """Tell whether its button is drawn."""
        return self.is_open and self.when(record)

    def text(self, name: str, record: Any) -> str:
        """Write one of its texts; one left out is the one that stands for it."""
        while not getattr(self, name) and name in STANDS_FOR:
            name = STANDS_FOR[name]
        return worded(getattr(self, name), record)

    @property
    def submits(self) -> str:
        """What the button says that ends its form."""
        is_plain = self.is_new or self.is_update
        return self.submit or ("Save" if is_plain else self.text("title", None))

    def but(self, **changes: Any) -> "Action":
        """Make the same one with another button."""
        return replace(self, **changes)

    def _find(self, *ids: Any) -> Any:
        return None if self.is_new else self.resource.find(*ids)

    def _ids(self, record: Any) -> dict[str, Any]:
        return {} if self.is_new else self.resource.ids(record)

    def _make(self, record: Any, **begin: Any) -> Form:
        if self.make:
            return self.make(record)
        assert self.form  # noqa: S101  (only actions with a form have the views that make one)
        return self.form(**begin)

    def _values(self, form: Form) -> dict[str, Any]:
        """What was entered; what does not exist yet has no version."""
        values = form.values
        if self.is_new:
            values.pop("version", None)
        return values
