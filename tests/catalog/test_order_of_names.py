"""Names are sorted as people read them, not by code point."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.catalog import queries
from tests.catalog.test_api import FACTORIES, Caller, call

__all__ = ["call"]

READ = ["apple", "Äpfel", "eclair", "Éclair noir", "Ost", "Øst og vest", "zebra", "Zebrafish"]


@pytest.mark.parametrize("area", FACTORIES)
def test_names_are_sorted_as_people_read_them(call: Caller, area: str) -> None:
    for name in sorted(READ):
        FACTORIES[area].create(name=name)

    names = [one["name"] for one in call("GET", f"{area}?sort=name").json["items"]]
    upwards = [one["name"] for one in call("GET", f"{area}?sort=-name").json["items"]]

    assert names == ["Äpfel", "apple", "eclair", "Éclair noir", *READ[4:]]
    assert upwards == names[::-1]


def test_an_index_serves_the_order(session: Session) -> None:
    query: Any = queries.products().order_by(queries.PRODUCT_SORTS["name"]).limit(50)
    session.execute(text("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off"))
    compiled = query.compile(session.connection(), compile_kwargs={"literal_binds": True})

    plan = "\n".join(session.scalars(text(f"EXPLAIN {compiled}".replace(":", r"\:"))))

    assert "ix_product_name_order" in plan
