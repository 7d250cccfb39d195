"""The page of a customer or a vendor, and what is done with one: the same for both."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, url_for

from app.catalog import queries, services
from app.catalog.forms import FORMS, ContactForm
from app.catalog.models import Customer, Vendor
from app.catalog.related import related_to
from app.catalog.rules import countries
from app.core.pages import Action, RecordPage, Resource
from app.core.settings import setting

Contact = Customer | Vendor
Kind = type[Customer] | type[Vendor]


def add_contact_page(bp: Blueprint, kind: Kind) -> None:
    """Give the blueprint of customers or of vendors the page of one and its actions."""
    name, area = kind.__tablename__, bp.name
    words = {"kind": name, "area": area}
    resource = Resource(
        name="contact",
        area=area,
        query=partial(queries.contact, kind),
        rule=f"/<int:{name}_id>",
        keys={f"{name}_id": "id"},
        event=f"{name}:changed",
    )
    create, update = _written(resource, kind, words)
    deactivate, activate = _switched(resource, kind)
    page = RecordPage(
        resource=resource,
        query=partial(queries.contact_page, kind),
        permission=f"{area}.view",
        heading="{0.name}",
        subtitle="{0.code}",
        crumbs=lambda _contact: [(area.capitalize(), url_for(f"{area}.index"))],
        buttons=(update,),
        body="catalog/contacts/_contact.html",
        context=lambda contact: {
            **words,
            "related": related_to(name, contact.id),
            "countries": countries(),
            "card_buttons": (deactivate, activate),
        },
        labels={"sales_rep_id": "Sales rep", "email": "E-mail", "is_active": "Active"},
    )
    page.add_to(bp)
    for action in (create, update, deactivate, activate):
        action.add_to(bp)


def _written(resource: Resource, kind: Kind, words: Mapping[str, Any]) -> tuple[Action, Action]:
    name = kind.__tablename__
    written = partial(
        Action,
        resource=resource,
        permission=f"{resource.area}.edit",
        form=FORMS[kind],
        fields="catalog/contacts/_fields.html",
        context=lambda _contact: words,
        is_wide=True,
        is_page=True,
        leaves=True,
    )
    create = written(
        name="create",
        is_new=True,
        title=f"New {name}",
        fill=_begin,
        act=partial(services.create_contact, kind),
        done="{0.name} added.",
        choice=lambda contact: (contact.code, contact.name),
    )
    update = written(
        name="update",
        title="Edit",
        heading=f"Edit {name}",
        subtitle="{0.code} {0.name}",
        page_title="Edit {0.name}",
        act=partial(services.revise_contact, kind),
        done="{0.name} saved.",
        kind="primary",
        icon="edit",
    )
    return create, update


def _switched(resource: Resource, kind: Kind) -> tuple[Action, Action]:
    switched = partial(Action, resource=resource, permission=f"{resource.area}.edit")
    deactivate = switched(
        name="deactivate",
        path="/deactivation",
        title="Deactivate",
        question="Deactivate {0.name}?",
        kind="danger",
        act=partial(services.deactivate_contact, kind),
        done="{0.name} deactivated.",
        when=lambda contact: contact.is_active,
    )
    activate = switched(
        name="activate",
        path="/activation",
        title="Activate",
        act=partial(services.activate_contact, kind),
        done="{0.name} activated.",
        when=lambda contact: not contact.is_active,
    )
    return deactivate, activate


def _begin(form: ContactForm, _contact: None) -> None:
    form.currency.data = form.currency.data or setting("currency")
