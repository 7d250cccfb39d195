"""The same forecast in quantity, value and margin: what it comes to, and the way back."""

import json
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.accounts.services import create_token
from app.catalog.models import Product
from app.core.days import today
from app.core.db import db
from app.core.errors import Invalid
from app.core.exchange_rates import ExchangeRate
from app.core.settings import set_settings
from app.planning import services
from app.planning.models import Cycle, ForecastCell, KeptPrice, ScopeRow
from app.planning.services.pricing import Priced, prices, prices_of
from tests.conftest import client_of
from tests.factories import RoleFactory, UserFactory
from tests.planning.conftest import PLANNER, Goods, Team, edit
from tests.planning.factories import FIRST, FIRST_MONTH, changed


@pytest.fixture
def priced(session: Session, opened: Cycle, goods: Goods) -> Cycle:
    """Lamps are sold for 2.50 and cost 1.75; rugs have no price."""
    set_settings(currency="EUR")
    goods.lamp.price, goods.lamp.cost = Decimal("2.5"), Decimal("1.75")
    goods.lamp.currency = "EUR"
    session.commit()
    return opened


@pytest.fixture
def auditor(app: Flask) -> FlaskClient:
    """Somebody who plans and sees what goods cost."""
    held = [*PLANNER, "products.costs"]
    return client_of(app, UserFactory.create(role=RoleFactory.create(permissions=held)))


@pytest.fixture
def planner(app: Flask, team: Team) -> FlaskClient:
    """A program of the planner's."""
    return program(app, team.planner)


@pytest.fixture
def lamps(session: Session, priced: Cycle, goods: Goods) -> ScopeRow:
    return session.scalars(select(ScopeRow).where(ScopeRow.product_id == goods.lamp.id)).one()


def cells_of(client: FlaskClient, cycle: Cycle) -> Any:
    return client.get(f"/planning/cycles/{cycle.id}/grid/cells").json


@pytest.mark.parametrize(
    ("value", "quantity"), [("10", "4"), ("1", "0.4"), ("0.001", "0"), ("0.002", "0.001")]
)
def test_a_value_becomes_the_nearest_thousandth_of_a_unit(value: str, quantity: str) -> None:
    assert Priced(Decimal("2.5")).quantity(Decimal(value)) == Decimal(quantity)


@pytest.mark.parametrize(
    ("priced", "value"),
    [(Priced(), "1"), (Priced(Decimal("0.00000001")), "100000"), (Priced(Decimal(1)), "-1")],
)
def test_a_value_that_no_quantity_gives_is_refused(priced: Priced, value: str) -> None:
    with pytest.raises(Invalid):
        priced.quantity(Decimal(value))


def test_nothing_of_something_is_nothing_whatever_it_is_worth() -> None:
    unknown = Priced()

    assert unknown.figure("value", Decimal(0)) == 0
    assert unknown.figure("value", None) is None
    assert unknown.figure("value", Decimal(3)) is None
    assert Priced(Decimal(2)).figure("margin", Decimal(3)) is None
    assert Priced(Decimal(2), Decimal(3)).figure("margin", Decimal(3)) == -3


def test_the_grid_is_told_prices_in_our_currency_and_costs_to_who_may_see_them(
    session: Session, auditor: FlaskClient, pat: FlaskClient, priced: Cycle, goods: Goods
) -> None:
    goods.lamp.currency = "USD"
    session.add(ExchangeRate(currency="USD", day=today(), rate=Decimal("1.25")))
    session.commit()

    seen, unseen = cells_of(auditor, priced), cells_of(pat, priced)

    assert seen["head"]["currency"] == "EUR"
    assert seen["names"]["products"][str(goods.lamp.id)][3:] == [2, 1.4]
    assert seen["names"]["products"][str(goods.rug.id)][3:] == [None, None]
    assert unseen["names"]["products"][str(goods.lamp.id)][3:] == [2, None]


def test_without_a_rate_of_its_currency_goods_have_no_price(
    session: Session, priced: Cycle, goods: Goods
) -> None:
    goods.lamp.currency = "USD"
    session.commit()

    assert prices_of(priced)[goods.lamp.id] == Priced()


def test_the_measure_stands_in_the_address_and_margins_are_for_who_sees_costs(
    auditor: FlaskClient, pat: FlaskClient, priced: Cycle
) -> None:
    at = f"/planning/cycles/{priced.id}/grid"

    seen = auditor.get(f"{at}?measure=margin").text
    unseen = pat.get(f"{at}?measure=margin").text

    assert '<option value="margin" selected>' in seen
    assert "grid/file?measure=margin" in seen
    assert 'value="margin"' not in unseen
    assert '<option value="quantity" selected>' in unseen
    assert '<option value="quantity" selected>' in pat.get(f"{at}?measure=tons").text


def test_a_closed_cycle_keeps_what_its_goods_were_worth(
    session: Session, priced: Cycle, goods: Goods
) -> None:
    services.close_cycle(priced.id)
    goods.lamp.price = Decimal(99)
    set_settings(currency="CHF")
    session.commit()
    session.expire_all()

    told = prices(session.get_one(Cycle, priced.id))
    kept = prices_of(session.get_one(Cycle, priced.id))

    assert (told.currency, told.is_kept) == ("EUR", True)
    assert kept[goods.lamp.id] == Priced(Decimal("2.5"), Decimal("1.75"))
    assert kept[goods.rug.id] == Priced()
    assert len(session.scalars(select(KeptPrice)).all()) == 2


def test_one_closed_before_prices_were_kept_goes_by_those_of_today(
    session: Session, priced: Cycle, goods: Goods
) -> None:
    services.close_cycle(priced.id)
    priced.priced_in = ""
    goods.lamp.price = Decimal(99)
    session.commit()

    assert not prices(priced).is_kept
    assert prices_of(priced)[goods.lamp.id].price == 99


# --- files ----------------------------------------------------------------------------------


def exported(client: FlaskClient, cycle: Cycle, measure: str) -> bytes:
    return client.get(f"/planning/cycles/{cycle.id}/grid/file?measure={measure}").data


def bring_back(client: FlaskClient, cycle: Cycle, content: bytes) -> TestResponse:
    file = (BytesIO(content), "forecast.xlsx")
    return client.post(f"/planning/cycles/{cycle.id}/files", data={"file": file})


def line_of(sheet: Any, sku: str) -> int:
    return next(row[0].row for row in sheet.iter_rows() if row[3].value == sku)


def test_a_file_of_values_says_so_and_comes_back_as_quantities(
    session: Session, pat: FlaskClient, priced: Cycle, lamps: ScopeRow
) -> None:
    services.save_cells(priced.id, [edit(lamps, 3)], rep_id=None)
    content = exported(pat, priced, "value")
    sheet = load_workbook(BytesIO(content))["Forecast"]
    lamp, rug = line_of(sheet, "LAMP"), line_of(sheet, "RUG")
    assert sheet.cell(lamp, FIRST_MONTH - 1).value == "Value, EUR"
    assert sheet.cell(lamp, FIRST_MONTH).value == 7.5
    assert not sheet.cell(lamp, FIRST_MONTH).protection.locked
    assert sheet.cell(rug, FIRST_MONTH).protection.locked

    def change(sheet: Any) -> None:
        sheet.cell(lamp, FIRST_MONTH).value = 100
        sheet.cell(rug, FIRST_MONTH).value = 100

    page = bring_back(pat, priced, changed(content, change)).location
    shown = pat.get(page).text
    pat.post(f"{page}/applications")

    assert "Value in EUR" in shown
    assert "There is no price" in shown
    assert session.scalars(select(ForecastCell.quantity)).all() == [Decimal(40)]


def test_a_file_of_values_written_by_another_price_is_left(
    session: Session, pat: FlaskClient, priced: Cycle, goods: Goods, lamps: ScopeRow
) -> None:
    content = exported(pat, priced, "value")

    def change(sheet: Any) -> None:
        sheet.cell(line_of(sheet, "LAMP"), FIRST_MONTH).value = 100

    goods.lamp.price = Decimal(5)
    session.commit()
    page = bring_back(pat, priced, changed(content, change)).location
    shown = pat.get(page).text
    pat.post(f"{page}/applications")

    assert "The price has changed since the file was exported." in shown
    assert session.scalars(select(ForecastCell)).all() == []


def test_values_that_nobody_changed_change_nothing(
    pat: FlaskClient, session: Session, priced: Cycle, goods: Goods, lamps: ScopeRow
) -> None:
    goods.lamp.price = Decimal("0.0137")
    session.commit()
    services.save_cells(priced.id, [edit(lamps, 7.123)], rep_id=None)

    page = bring_back(pat, priced, exported(pat, priced, "value")).location

    assert "The file changes nothing." in pat.get(page).text


def test_a_file_that_says_another_figure_than_it_is_of_is_refused(
    pat: FlaskClient, priced: Cycle
) -> None:
    def change(sheet: Any) -> None:
        sheet.cell(2, FIRST_MONTH - 1).value = "Value, EUR"

    answer = bring_back(pat, priced, changed(exported(pat, priced, "quantity"), change))

    assert answer.status_code == 422
    assert "the file is of “Quantity”" in answer.text


def test_a_file_of_margins_is_for_reading_and_for_who_sees_costs(
    auditor: FlaskClient, pat: FlaskClient, priced: Cycle, lamps: ScopeRow
) -> None:
    services.save_cells(priced.id, [edit(lamps, 4)], rep_id=None)
    content = exported(auditor, priced, "margin")
    sheet = load_workbook(BytesIO(content))["Forecast"]
    lamp = line_of(sheet, "LAMP")

    assert sheet.cell(lamp, FIRST_MONTH).value == 3
    assert sheet.cell(lamp, FIRST_MONTH).protection.locked
    refused = bring_back(auditor, priced, content)
    assert refused.status_code == 422
    assert "which follow" in refused.text
    unseen = load_workbook(BytesIO(exported(pat, priced, "margin")))["Forecast"]
    assert unseen.cell(lamp, FIRST_MONTH - 1).value == "Quantity"


def test_a_file_from_before_there_were_measures_is_of_quantities(
    session: Session, pat: FlaskClient, priced: Cycle, lamps: ScopeRow
) -> None:
    book = load_workbook(BytesIO(exported(pat, priced, "quantity")))
    book["Kept"].delete_cols(3, 2)
    book["Forecast"].delete_cols(FIRST_MONTH - 1)
    book["Forecast"].cell(line_of(book["Forecast"], "LAMP"), FIRST_MONTH - 1).value = 6
    file = BytesIO()
    book.save(file)

    page = bring_back(pat, priced, file.getvalue()).location
    pat.post(f"{page}/applications")

    assert session.scalars(select(ForecastCell.quantity)).all() == [Decimal(6)]


# --- programs -------------------------------------------------------------------------------


def program(app: Flask, user: User) -> FlaskClient:
    client = client_of(app, user)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {create_token(user, name='r')}"
    return client


def test_programs_read_values_and_write_by_them(
    app: Flask, session: Session, team: Team, priced: Cycle, lamps: ScopeRow
) -> None:
    client = program(app, team.ada)
    sent = {"row_id": lamps.id, "month": FIRST.isoformat(), "version": 0, "value": "10"}
    written = client.post("/api/v1/forecasts", json={"cycle_id": priced.id, "cells": [sent]})
    told: Any = client.get(f"/api/v1/forecasts/{lamps.id}").json

    assert written.status_code == 200, written.text
    assert session.scalars(select(ForecastCell.quantity)).all() == [Decimal(4)]
    assert (told["currency"], told["price"], told["cost"]) == ("EUR", "2.5", None)
    assert (told["months"][0]["value"], told["months"][0]["margin"]) == ("10", None)
    assert told["months"][1]["value"] is None
    kept = client.put(f"/api/v1/forecasts/{lamps.id}", json=told)
    assert kept.status_code == 200, kept.text


def test_programs_that_may_see_costs_read_margins(
    app: Flask, priced: Cycle, lamps: ScopeRow
) -> None:
    held = [*PLANNER, "products.costs"]
    client = program(app, UserFactory.create(role=RoleFactory.create(permissions=held)))
    services.save_cells(priced.id, [edit(lamps, 4)], rep_id=None)

    told: Any = client.get(f"/api/v1/forecasts/{lamps.id}").json

    assert told["cost"] == "1.75"
    assert told["months"][0]["margin"] == "3"


@pytest.mark.parametrize(
    ("sku", "said", "field"),
    [
        ("RUG", {"value": "10"}, "cells.0.value"),
        ("LAMP", {"value": "-1"}, "cells.0.value"),
        ("LAMP", {"value": "10", "quantity": "1"}, "cells.0.quantity"),
        ("LAMP", {}, "cells.0.quantity"),
    ],
)
def test_a_value_that_cannot_be_a_quantity_is_refused_with_its_place(
    planner: FlaskClient, priced: Cycle, sku: str, said: dict[str, str], field: str
) -> None:
    of = select(ScopeRow).join(ScopeRow.product).where(Product.sku == sku)
    row = db.session.scalars(of).one()
    cell = {"row_id": row.id, "month": FIRST.isoformat(), "version": 0, **said}

    refused = planner.post("/api/v1/forecasts", json={"cycle_id": priced.id, "cells": [cell]})

    assert refused.status_code == 422
    assert field in json.loads(refused.data)["fields"], refused.text
    assert db.session.scalars(select(ForecastCell)).all() == []
