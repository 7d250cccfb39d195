"""The list of codes that two records have, for a person to tell them apart."""

from flask import url_for

from app.core.pages import Asked, Column, ListPage, Nothing
from app.stock import services
from app.stock.services.twins import Twin
from app.stock.views.inventory import bp


def _twins(_asked: Asked) -> list[Twin]:
    return services.twins()


def _href(twin: Twin) -> str:
    if twin.record == "product":
        return url_for("products.show", product_id=twin.id)
    return url_for("locations.show", location_id=twin.id)


TWINS = ListPage(
    name="twins",
    title="Codes that are there twice",
    subtitle="They differ in capitals or in what cannot be seen: give all but one another.",
    permission="products.edit",
    query=_twins,
    is_joined=True,
    href=_href,
    columns=(
        Column(name="code", title="Code", kind="code", place="code"),
        Column(name="kind", title="What", place="meta"),
        Column(name="owner", title="Whose", place="name", is_link=True, is_required=True),
    ),
    events=("product:changed", "stock:changed"),
    nothing=Nothing(
        title="Every code is there once.",
        advice="Codes that differ only in capitals are refused.",
        icon="check",
    ),
)
TWINS.add_to(bp, "/twins", "twins")
