"""Pages of customers and of vendors: the same pages for both."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from flask import Blueprint, url_for
from werkzeug import Response

from app.catalog import queries, services
from app.catalog.forms import FORMS, ContactForm, CustomerForm
from app.catalog.models import Customer, Vendor
from app.catalog.rules import countries
from app.catalog.views.lists import (
    STATE_LABELS,
    STATES,
    asked_filters,
    chips,
    exports,
    import_link,
)
from app.core import audit
from app.core.db import db
from app.core.errors import DomainError
from app.core.permissions import requires
from app.core.settings import setting
from app.core.tables import paginate
from app.core.web import (
    one_or_404,
    render,
    respond_created,
    respond_redirect,
    respond_saved,
    wants_fragment,
)

HISTORY_SHOWN = 30

Contact = Customer | Vendor
Kind = type[Customer] | type[Vendor]


class Route(NamedTuple):
    """One page of both kinds: its address, how it is asked for, who may, and what answers."""

    rule: str
    method: str
    verb: str
    view: Callable[..., Response]


def contact_pages(kind: Kind) -> Blueprint:
    """Make the pages of customers or of vendors."""
    area = area_of(kind)
    bp = Blueprint(area, __name__, url_prefix=f"/{area}")
    for rule, method, verb, view in ROUTES:
        bp.add_url_rule(
            rule.replace("<id>", f"<int:{kind.__tablename__}_id>"),
            view.__name__,
            requires(f"{area}.{verb}")(_about(kind, view)),
            methods=[method],
        )
    return bp


def area_of(kind: Kind) -> str:
    """Give the name of a kind in addresses and permissions."""
    return f"{kind.__tablename__}s"


def _about(kind: Kind, view: Callable[..., Response]) -> Callable[..., Response]:
    """Bind a page to a kind; the address names at most one record."""

    @wraps(view)
    def about_one(**record_id: int) -> Response:
        return view(kind, *record_id.values())

    return about_one


def index(kind: Kind) -> Response:
    """List them; a search from htmx receives only the results."""
    filters = asked_filters("search", "country")
    found = queries.contacts(
        kind,
        search=filters["search"],
        country=filters["country"].replace("\0", ""),
        is_active=STATES[filters["state"]],
    )
    sorts = queries.contact_sorts(kind)
    page = paginate(found, sorts=sorts, default="name", filters=filters)
    labels = {
        "country": countries().get(filters["country"], filters["country"]),
        "state": STATE_LABELS.get(filters["state"], ""),
    }
    return _render(
        kind,
        "index",
        "results",
        page=page,
        filters=filters,
        chips=chips(page, labels),
        countries=_countries_in_use(kind),
        import_link=import_link(area_of(kind)),
        exports=exports(area_of(kind), page),
    )


def show(kind: Kind, contact_id: int) -> Response:
    """Show one with what happened to it."""
    contact = one_or_404(queries.contact_page(kind, contact_id))
    return _render(
        kind,
        "show",
        "record",
        contact=contact,
        countries=countries(),
        history=db.session.scalars(audit.history(contact).limit(HISTORY_SHOWN)).all(),
    )


def new(kind: Kind) -> Response:
    """Ask for a new one."""
    form = FORMS[kind]()
    form.currency.data = form.currency.data or setting("currency")
    return _form(kind, _offered(form), contact=None)


def create(kind: Kind) -> Response:
    """Add one."""
    form, status = _offered(FORMS[kind]()), 422
    if form.validate_on_submit():
        values = form.values
        del values["version"]
        try:
            contact: Contact = services.create_contact(kind, **values)
        except DomainError as error:
            status = form.refuse(error)
        else:
            return respond_created(
                _address(contact),
                f"{contact.name} added.",
                value=contact.code,
                name=contact.name,
            )
    return _form(kind, form, contact=None, status=status)


def edit(kind: Kind, contact_id: int) -> Response:
    """Ask for changes."""
    contact = one_or_404(queries.contact(kind, contact_id))
    return _form(kind, _offered(FORMS[kind](obj=contact), contact), contact=contact)


def update(kind: Kind, contact_id: int) -> Response:
    """Change one."""
    contact = one_or_404(queries.contact(kind, contact_id))
    form, status = _offered(FORMS[kind](), contact), 422
    if form.validate_on_submit():
        try:
            contact = services.revise_contact(kind, contact_id, **form.values)
        except DomainError as error:
            status = form.refuse(error)
            contact = one_or_404(queries.contact(kind, contact_id))  # ours has become stale
        else:
            return respond_redirect(_address(contact), f"{contact.name} saved.")
    return _form(kind, form, contact=contact, status=status)


def deactivate(kind: Kind, contact_id: int) -> Response:
    """Take one out of use."""
    one_or_404(queries.contact(kind, contact_id))
    contact: Contact = services.deactivate_contact(kind, contact_id)
    return _saved(contact, "deactivated")


def activate(kind: Kind, contact_id: int) -> Response:
    """Take one into use again."""
    one_or_404(queries.contact(kind, contact_id))
    contact: Contact = services.activate_contact(kind, contact_id)
    return _saved(contact, "activated")


ROUTES = (
    Route("", "GET", "view", index),
    Route("", "POST", "edit", create),
    Route("/new", "GET", "edit", new),
    Route("/<id>", "GET", "view", show),
    Route("/<id>", "POST", "edit", update),
    Route("/<id>/edit", "GET", "edit", edit),
    Route("/<id>/deactivation", "POST", "edit", deactivate),
    Route("/<id>/activation", "POST", "edit", activate),
)


def _render(
    kind: Kind, name: str, fragment: str, *, status: int = 200, **more: Any
) -> Response:
    """Show a page of a kind, with the words it needs."""
    words = {"kind": kind.__tablename__, "area": area_of(kind)}
    template = f"catalog/contacts/{name}.html"
    return render(template, fragment=fragment, status=status, **words, **more)


def _form(
    kind: Kind, form: ContactForm, *, contact: Contact | None, status: int = 200
) -> Response:
    name = "edit" if contact else "new"
    return _render(kind, name, "form", status=status, form=form, contact=contact)


def _offered(form: ContactForm, contact: Contact | None = None) -> ContactForm:
    """Give the form of a customer its sales reps, with the one there is already."""
    if isinstance(form, CustomerForm):
        chosen = contact.sales_rep_id if isinstance(contact, Customer) else None
        reps = db.session.execute(queries.sales_reps(chosen=chosen))
        form.offer(sales_reps=[(row.id, row.name) for row in reps])
    return form


def _countries_in_use(kind: Kind) -> list[tuple[str, str]]:
    """Give what the filter offers; a search in place shows no filters."""
    if wants_fragment():
        return []
    codes = db.session.scalars(queries.countries_in_use(kind))
    return sorted([(code, countries().get(code, code)) for code in codes], key=lambda c: c[1])


def _address(contact: Contact) -> str:
    record_id: dict[str, Any] = {f"{contact.__tablename__}_id": contact.id}
    return url_for(f"{area_of(type(contact))}.show", **record_id)


def _saved(contact: Contact, verb: str) -> Response:
    event = f"{contact.__tablename__}:changed"
    return respond_saved(_address(contact), f"{contact.name} {verb}.", event=event)
