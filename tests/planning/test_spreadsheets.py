"""A forecast goes out as an Excel file and comes back: what differs is shown, then written."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.planning import services
from app.planning.models import CellChange, Cycle, ForecastCell, ScopeRow
from app.planning.months import months_after
from tests.conftest import client_of
from tests.planning.conftest import Goods, Team, edit
from tests.planning.factories import FIRST, FIRST_MONTH, changed

NEXT = months_after(FIRST, 1)


def exported(client: FlaskClient, cycle: Cycle) -> bytes:
    return client.get(f"/planning/cycles/{cycle.id}/grid/file").data


def bring_back(client: FlaskClient, cycle: Cycle, content: bytes) -> TestResponse:
    file = (BytesIO(content), "forecast.xlsx")
    return client.post(f"/planning/cycles/{cycle.id}/files", data={"file": file})


def test_the_file_shows_what_counts_and_lets_only_quantities_be_changed(
    session: Session, pat: FlaskClient, opened: Cycle, goods: Goods
) -> None:
    goods.lamp.name = "=1+1"
    session.commit()
    row = session.scalars(select(ScopeRow).where(ScopeRow.product_id == goods.lamp.id)).one()
    services.save_cells(opened.id, [edit(row, 12.5)], rep_id=None)

    book = load_workbook(BytesIO(exported(pat, opened)))
    sheet = book["Forecast"]

    head, first, _second = sheet.iter_rows(values_only=True)
    assert head[FIRST_MONTH - 1 :] == tuple(
        f"{month:%Y-%m}" for month in (FIRST, NEXT, months_after(FIRST, 2))
    )
    named = ("ACME", "Acme", "LAMP", "'=1+1", "Ada", "Quantity")
    assert first[1:] == (*named, 12.5, None, None)
    assert sheet.protection.sheet
    assert sheet.cell(2, 4).protection.locked
    assert not sheet.cell(2, FIRST_MONTH + 1).protection.locked
    assert book["Kept"].sheet_state == "veryHidden"


def test_what_differs_is_shown_first_and_written_once(
    session: Session, ada: FlaskClient, opened: Cycle, goods: Goods
) -> None:
    row = session.scalars(select(ScopeRow).where(ScopeRow.product_id == goods.lamp.id)).one()
    services.save_cells(opened.id, [edit(row, 12)], rep_id=None)

    def change(sheet: Any) -> None:
        sheet.cell(2, FIRST_MONTH).value = None
        sheet.cell(2, FIRST_MONTH + 1).value = 7.5

    page = bring_back(ada, opened, changed(exported(ada, opened), change)).location
    shown = ada.get(page).text
    before = session.scalars(select(ForecastCell.quantity)).all()
    for _twice in range(2):
        assert ada.post(f"{page}/applications").status_code == 303

    session.expire_all()
    cells = select(ForecastCell.month, ForecastCell.quantity, ForecastCell.source)
    assert "the baseline" in shown
    assert "7.5" in shown
    assert before == [Decimal(12)]
    assert session.execute(cells.order_by(ForecastCell.month)).all() == [
        (FIRST, None, "imported"),
        (NEXT, Decimal("7.5"), "imported"),
    ]
    assert len(session.scalars(select(CellChange)).all()) == 3


def test_what_cannot_be_written_is_left_and_says_why(
    session: Session, ada: FlaskClient, opened: Cycle, goods: Goods
) -> None:
    row = session.scalars(select(ScopeRow).where(ScopeRow.product_id == goods.lamp.id)).one()

    def change(sheet: Any) -> None:
        for place, wrong in enumerate(("many", -1, 0.0001)):
            sheet.cell(2, FIRST_MONTH + place).value = wrong

    content = changed(exported(ada, opened), change)
    page = ada.get(bring_back(ada, opened, content).location).text
    assert "“many” is no number." in page
    assert "A forecast is a number from 0 on." in page
    assert "At most 3 decimals." in page

    services.save_cells(opened.id, [edit(row, 4)], rep_id=None)
    at = bring_back(ada, opened, content).location
    assert "This was written since" in ada.get(at).text
    ada.post(f"{at}/applications")
    assert session.scalars(select(ForecastCell.quantity)).all() == [Decimal(4)]


def test_a_rep_brings_back_own_rows_only(
    session: Session, ada: FlaskClient, pat: FlaskClient, opened: Cycle, goods: Goods
) -> None:
    def change(sheet: Any) -> None:
        for line in (2, 3):
            sheet.cell(line, FIRST_MONTH).value = 5

    page = bring_back(ada, opened, changed(exported(pat, opened), change)).location
    shown = ada.get(page).text
    ada.post(f"{page}/applications")

    assert "This row is not in your forecast." in shown
    rows = select(ScopeRow.product_id).join(ForecastCell, ForecastCell.scope_id == ScopeRow.id)
    assert session.scalars(rows).all() == [goods.lamp.id]
    assert pat.get(page).status_code == 404


def test_no_other_rep_fetches_what_one_has_brought_back(
    app: Flask, ada: FlaskClient, team: Team, opened: Cycle
) -> None:
    page = bring_back(ada, opened, exported(ada, opened)).location
    file = f"/files/{page.rpartition('/')[2]}"

    assert ada.get(file).status_code == 200
    assert client_of(app, team.bob).get(file).status_code == 404
    assert "changes nothing" in ada.get(page).text


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"", b"PK\x03\x04no"])
def test_a_file_of_another_kind_is_refused(
    ada: FlaskClient, opened: Cycle, content: bytes
) -> None:
    assert bring_back(ada, opened, content).status_code == 422


def test_a_workbook_of_somebody_else_is_refused(ada: FlaskClient, opened: Cycle) -> None:
    book, file = Workbook(), BytesIO()
    book.save(file)

    answer = bring_back(ada, opened, file.getvalue())

    assert answer.status_code == 422
    assert "no forecast of ours" in answer.text


def test_a_closed_cycle_takes_no_file(
    session: Session, ada: FlaskClient, opened: Cycle, team: Team
) -> None:
    def change(sheet: Any) -> None:
        sheet.cell(2, FIRST_MONTH).value = 5

    page = bring_back(ada, opened, changed(exported(ada, opened), change)).location
    services.close_cycle(opened.id)

    assert ada.post(f"{page}/applications").status_code == 409
    assert session.scalars(select(ForecastCell)).all() == []
