"""The lists of customers and of vendors: the same list for both."""

from functools import partial
from typing import Any

from flask import url_for
from sqlalchemy import Select

from app.catalog import queries, services
from app.catalog.models import Customer, Vendor
from app.catalog.rules import countries
from app.catalog.views.states import STATES, state_filter
from app.core.db import db
from app.core.pages import (
    Asked,
    BulkAction,
    Choice,
    Column,
    Filter,
    Link,
    ListPage,
    Nothing,
    Search,
)

Kind = type[Customer] | type[Vendor]


def contact_list(kind: Kind, area: str) -> ListPage:
    """Make the list of customers or of vendors."""
    one = kind.__tablename__
    new = Link(
        label=f"New {one}",
        endpoint=f"{area}.new",
        permission=f"{area}.edit",
        kind="primary",
        icon="plus",
    )
    return ListPage(
        name=area,
        title=area.capitalize(),
        permission=f"{area}.view",
        query=partial(_contacts, kind),
        key=queries.contact_sorts(kind)["code"],
        sort="name",
        href=lambda contact: url_for(f"{area}.show", **{f"{one}_id": contact.id}),
        filters=_filters(kind),
        columns=_columns(kind),
        links=(new,),
        importer=area,
        events=(f"{one}:changed",),
        nouns=(one, area),
        row_id=kind.id,
        row_name=kind.name,
        actions=_actions(kind, area),
        unmatched=Nothing(
            title="Nothing matches.",
            advice="Try fewer letters or another filter.",
            action=f"Show all active {area}",
        ),
        nothing=Nothing(
            title=f"No {area} yet.",
            advice="Add the first one, or import a file.",
            link=new,
            icon="users",
        ),
    )


def _contacts(kind: Kind, asked: Asked) -> Select[Any]:
    return queries.contacts(
        kind,
        search=asked["search"],
        country=asked["country"],
        is_active=STATES[asked["state"]],
    )


def _filters(kind: Kind) -> tuple[Filter, ...]:
    return (
        Search(label="Name, company, e-mail or code"),
        Choice(
            name="country",
            label="Country",
            options=partial(_countries_in_use, kind),
            everything="All countries",
            shows=lambda code: countries().get(code, code),
        ),
        state_filter(),
    )


def _columns(kind: Kind) -> tuple[Column, ...]:
    sorts = queries.contact_sorts(kind)
    special = (
        Column(
            name="lead_time_days",
            title="Lead time in days",
            place="wide desk",
            is_shown=False,
        ),
    )
    return (
        Column(name="code", title="Code", kind="code", sort=sorts["code"]),
        Column(
            name="name",
            title="Name",
            sort=sorts["name"],
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(name="company", title="Company", sort=sorts["company"], place="meta"),
        Column(name="email", title="E-mail", place="desk"),
        Column(name="phone", title="Phone", place="wide desk"),
        Column(name="city", title="City", place="wide desk", is_shown=False),
        Column(name="country", title="Country", sort=sorts["country"], place="figure"),
        Column(name="currency", title="Currency", place="wide desk", is_shown=False),
        *(special if kind is Vendor else ()),
        Column(
            name="updated_at",
            title="Changed",
            kind="moment",
            sort=sorts["updated_at"],
            place="wide desk",
            is_shown=False,
        ),
        Column(
            name="state",
            title="State",
            kind="cell",
            cell="catalog/_cells.html:state",
            value="is_active",
            export=lambda contact: "" if contact.is_active else "Inactive",
            place="status",
        ),
    )


def _actions(kind: Kind, area: str) -> tuple[BulkAction, ...]:
    return (
        BulkAction(
            name="deactivate",
            label="Deactivate",
            permission=f"{area}.edit",
            question="Deactivate {count}?",
            kind="danger",
            act=partial(services.deactivate_contact, kind),
        ),
        BulkAction(
            name="activate",
            label="Activate",
            permission=f"{area}.edit",
            question="Activate {count}?",
            act=partial(services.activate_contact, kind),
        ),
    )


def _countries_in_use(kind: Kind) -> list[tuple[str, str]]:
    codes = db.session.scalars(queries.countries_in_use(kind))
    return sorted([(code, countries().get(code, code)) for code in codes], key=lambda c: c[1])
