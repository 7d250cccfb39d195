"""Codes of sources that we do not know: somebody says which product or customer each is."""

from functools import partial
from typing import Any

from flask import Blueprint, url_for
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.core.pages import Action, Asked, Column, Link, ListPage, Nothing, Resource, Search
from app.core.search import has_part
from app.sales import queries
from app.sales.forms import ItemForm, PartyForm
from app.sales.models import SalesItem, SalesParty, SalesSource
from app.sales.services import matching

items = Blueprint("sales_items", __name__, url_prefix="/sales/unknown-products")
parties = Blueprint("sales_parties", __name__, url_prefix="/sales/unknown-customers")

KEYS = {"sales_items": "item_id", "sales_parties": "party_id"}
TO_PARTIES = Link(label="Unknown customers", endpoint="sales_parties.index", kind="quiet")
TO_ITEMS = Link(label="Unknown products", endpoint="sales_items.index", kind="quiet")


def _searched(kind: Any, unknown: Select[Any], asked: Asked) -> Select[Any]:
    query = unknown.join(SalesSource, SalesSource.id == kind.source_id).options(
        joinedload(kind.source)
    )
    if text := asked["search"]:
        query = query.where(has_part(text, codes=(kind.code,), names=(kind.name,)))
    return query


def _columns(kind: Any) -> tuple[Column, ...]:
    return (
        Column(
            name="code",
            title="Code",
            kind="code",
            sort=kind.code_key,
            is_link=True,
            is_required=True,
        ),
        Column(name="name", title="Name", sort=func.lower(kind.name), place="name wrap"),
        Column(name="source", title="Source", value="source.name", sort=SalesSource.name),
        Column(name="created_at", title="Since", kind="moment", place="meta", sort=kind.id),
    )


def _list(kind: Any, name: str, title: str, what: str, unknown: Any, other: Link) -> ListPage:
    return ListPage(
        name=name,
        title=title,
        subtitle=f"Codes in files of sales that are no {what} of ours.",
        permission="sales.manage",
        crumbs=lambda _about: [("Sales", url_for("sales.index"))],
        query=lambda asked: _searched(kind, unknown(), asked),
        key=kind.id,
        sort="code",
        href=lambda one: url_for(f"{name}.new_assignment", **{KEYS[name]: one.id}),
        filters=(Search(label="Code or name"),),
        columns=_columns(kind),
        links=(other,),
        nothing=Nothing(
            title="Every code is known.",
            advice=f"What files of sales call a {what} that we do not know waits here.",
            icon="check",
        ),
    )


ITEMS = _list(
    SalesItem, "sales_items", "Unknown products", "product", queries.unknown_items, TO_PARTIES
)
PARTIES = _list(
    SalesParty,
    "sales_parties",
    "Unknown customers",
    "customer",
    queries.unknown_parties,
    TO_ITEMS,
)
ITEMS.add_to(items)
PARTIES.add_to(parties)


def _one(kind: Any, one_id: int) -> Select[Any]:
    return select(kind).where(kind.id == one_id).options(joinedload(kind.source))


def _assign(kind: Any, area: str, form: Any, act: Any, template: str) -> Action:
    return Action(
        resource=Resource(
            name="code",
            area=area,
            query=partial(_one, kind),
            rule=f"/<int:{KEYS[area]}>",
            keys={KEYS[area]: "id"},
        ),
        name="create_assignment",
        path="/assignment",
        title="Say what it is",
        heading="What is {0.code}?",
        subtitle=lambda one: f"{one.name} · {one.source.name}" if one.name else one.source.name,
        permission="sales.manage",
        form=form,
        act=act,
        fields=template,
        submit="Save",
        done="{0.code} is known now.",
        to=lambda _one: url_for(f"{area}.index"),
        leaves=True,
    )


assign_product = _assign(
    SalesItem, "sales_items", ItemForm, matching.assign_product, "sales/_item.html"
)
assign_customer = _assign(
    SalesParty, "sales_parties", PartyForm, matching.assign_customer, "sales/_party.html"
)
assign_product.add_to(items)
assign_customer.add_to(parties)
