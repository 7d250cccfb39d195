"""Forecasts for programs: read by the page, written cell by cell, handed in."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.services import create_token
from app.planning import services
from app.planning.models import Cycle, ScopeRow
from app.planning.months import months_after
from tests.conftest import client_of
from tests.planning.conftest import Goods, Team, made, row_of
from tests.planning.factories import FIRST

AT = "/api/v1/forecasts"


@pytest.fixture
def program(app: Flask, team: Team) -> FlaskClient:
    """Ada's."""
    client = client_of(app, team.ada)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {create_token(team.ada, name='r')}"
    return client


@pytest.fixture
def row(session: Session, opened: Cycle, team: Team) -> ScopeRow:
    return session.scalars(select(ScopeRow).where(ScopeRow.user_id == team.ada.id)).one()


def test_without_a_cycle_all_own_forecasts_are_listed(
    program: FlaskClient, opened: Cycle, team: Team, goods: Goods
) -> None:
    later = made(team, month=months_after(FIRST, 1))
    row_of(later, team.ada, goods.bolt, goods.rug)
    row_of(later, team.bob, goods.acme, goods.rug)

    every: Any = program.get(AT).json
    of_one: Any = program.get(AT, query_string={"cycle": later.id}).json

    assert [one["cycle_id"] for one in every["items"]] == [opened.id, later.id]
    assert [(one["sku"], one["customer"]) for one in of_one["items"]] == [("RUG", "BOLT")]


def test_a_page_of_many_costs_no_more_queries_than_one_of_few(
    program: FlaskClient, queries: list[str], opened: Cycle, team: Team, goods: Goods
) -> None:
    later = made(team, month=months_after(FIRST, 1))
    for customer in (goods.acme, goods.bolt):
        for product in (goods.lamp, goods.rug):
            row_of(later, team.ada, customer, product)

    def asked(cycle: Cycle) -> int:
        queries.clear()
        assert program.get(AT, query_string={"cycle": cycle.id}).status_code == 200
        return len(queries)

    assert asked(later) == asked(opened)


def test_months_are_changed_and_those_that_are_not_named_stay(
    program: FlaskClient, row: ScopeRow
) -> None:
    month = {"month": str(FIRST), "quantity": "7.5", "version": 0, "reason": "A fair"}

    changed: Any = program.put(f"{AT}/{row.id}", json={"months": [month]}).json
    stale = program.put(f"{AT}/{row.id}", json={"months": [{**month, "quantity": "1"}]})

    told = [(one["quantity"], one["total"], one["version"]) for one in changed["months"]]
    assert told == [("7.5", "7.5", 1), (None, None, 0), (None, None, 0)]
    assert stale.status_code == 409


def test_a_cycle_that_is_not_there_is_a_declared_answer(
    program: FlaskClient, row: ScopeRow
) -> None:
    cell = {"row_id": row.id, "month": str(FIRST), "version": 0, "quantity": "1"}

    assert program.post(AT, json={"cycle_id": 0, "cells": [cell]}).status_code == 404
    assert program.post(f"{AT}/submit", json={"cycle_id": 0}).status_code == 404


def test_all_of_mine_are_handed_in(program: FlaskClient, opened: Cycle) -> None:
    blank = program.post(f"{AT}/submit", json={"cycle_id": opened.id})
    meant: Any = program.post(
        f"{AT}/submit", json={"cycle_id": opened.id, "accepts_blanks": True}
    )

    assert blank.status_code == 409
    assert meant.json["status"] == "submitted"
    services.close_cycle(opened.id)
    assert program.post(f"{AT}/submit", json={"cycle_id": opened.id}).status_code == 409
