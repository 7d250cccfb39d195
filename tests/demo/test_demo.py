"""The believable company is always the same, and never made twice."""

import random
from collections.abc import Iterator
from contextlib import suppress

import pytest
from flask import Flask
from sqlalchemy import func, select
from stdnum import ean

from app.catalog.models import Barcode
from app.core.db import db, transaction
from app.demo import catalog, cli, partners
from app.demo.assortment import CATEGORIES
from app.demo.cli import FULL, demo
from tests.conftest import shared
from tests.demo.making import Ledger, ledger, small
from tests.factories import ProductFactory


class UndoneError(Exception):
    """Takes back what was made."""


def ledger_of(*, seed: int) -> Ledger:
    lines = []
    with suppress(UndoneError), transaction():
        small(seed)
        lines = ledger()
        raise UndoneError
    return lines


@pytest.fixture(scope="module", autouse=True)
def first(app: Flask) -> Iterator[Ledger]:
    """Say what the ledger was when the company was made for the first time.

    What moves today moves at the time of its transaction: that is one for all tests here.
    """
    with shared(app):
        yield ledger_of(seed=7)


def test_the_full_assortment_has_two_thousand_different_products() -> None:
    rng = random.Random(7)
    vendors = partners.vendors(rng, "EUR")

    products = catalog.products(rng, vendors, "EUR")

    assert len(CATEGORIES) == 25
    assert len(products) == len({p.sku for p in products}) == 2000
    assert len({p.name for p in products}) > 1990
    assert all(p.price > p.cost > 0 for p in products)
    assert len(vendors) == len({v.name for v in vendors}) == 60


def test_every_barcode_has_its_check_digit_and_is_our_own() -> None:
    rng = random.Random(7)

    products = catalog.products(rng, partners.vendors(rng, "EUR"), "EUR")

    codes = [row for product in products for row in product.barcode_rows]
    assert len({row.code for row in codes}) == len(codes) > 2500
    assert all(ean.calc_check_digit(row.code[:-1]) == row.code[-1] for row in codes)
    assert {row.code[-13:-11] for row in codes if row.units == 1} == {"20"}
    assert all(
        row.code.startswith("120") and len(row.code) == 14 for row in codes if row.units > 1
    )


def test_the_same_company_is_made_each_time(first: Ledger) -> None:
    assert ledger_of(seed=7) == first


def test_another_seed_makes_another_company(first: Ledger) -> None:
    assert ledger_of(seed=8) != first


def test_the_command_fills_an_empty_installation(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "fill", lambda _dice, last: {"products": last.hour})

    result = app.test_cli_runner().invoke(demo)

    assert result.exit_code == 0
    assert "0 products, 90 days of movements" in result.output


def test_the_command_refuses_where_there_are_products(app: Flask) -> None:
    ProductFactory.create()

    result = app.test_cli_runner().invoke(demo)

    assert result.exit_code == 1
    assert FULL in result.output
    assert db.session.scalar(select(func.count()).select_from(Barcode)) == 0
