"""Exchange rates: which there are, and the file they come in."""

from functools import partial
from typing import Any

from flask import Blueprint, url_for
from werkzeug.datastructures import FileStorage

from app.core.db import db
from app.core.pages import Action, Asked, Column, Link, ListPage, Nothing, Resource
from app.sales.forms import RatesForm, ValuationForm
from app.sales.jobs import value_sales
from app.sales.services import rates

bp = Blueprint("exchange_rates", __name__, url_prefix="/exchange-rates")

NEW = Link(
    label="Import rates",
    endpoint="exchange_rates.new",
    permission="sales.import",
    kind="primary",
    icon="upload",
)
AGAIN = Link(
    label="Value sales again",
    endpoint="exchange_rates.new_valuation",
    permission="sales.import",
)


def _rates(_asked: Asked) -> list[Any]:
    return [*db.session.execute(rates.latest_rates())]


RATES = ListPage(
    name="exchange_rates",
    title="Exchange rates",
    subtitle="What one euro was worth, day by day. Sales are valued by the rate of their day.",
    permission="sales.view",
    crumbs=lambda _about: [("Sales", url_for("sales.index"))],
    query=_rates,
    columns=(
        Column(name="currency", title="Currency", place="name", is_required=True),
        Column(name="rate", title="Last rate", kind="quantity", place="figure"),
        Column(name="last", title="Of", kind="day", value="last", place="meta"),
        Column(name="first", title="Since", kind="day", value="first"),
        Column(name="days", title="Days", kind="number"),
    ),
    links=(NEW, AGAIN),
    nothing=Nothing(
        title="No rates yet.",
        advice="Import the file of the European Central Bank: other currencies count then.",
        link=NEW,
        icon="activity",
    ),
)
RATES.add_to(bp)


def _import(file: FileStorage) -> int:
    return rates.import_rates(file.stream.read())


ALL = Resource(name="rates", area="exchange_rates", query=lambda: None)
_verb = partial(
    Action,
    resource=ALL,
    permission="sales.import",
    is_new=True,
    to=lambda _none: url_for("exchange_rates.index"),
    leaves=True,
)
create = _verb(
    name="create",
    title="Import rates",
    submit="Import",
    form=RatesForm,
    has_file=True,
    act=_import,
    done="{1:,} rates are new or were corrected.",
)
value = _verb(
    name="create_valuation",
    path="/valuations",
    title="Value sales again",
    subtitle="Every line gets the worth that the rates of today say. It takes a while.",
    submit="Value again",
    form=ValuationForm,
    act=value_sales.enqueue,
    done="The sales are being valued.",
)
for action in (create, value):
    action.add_to(bp)
