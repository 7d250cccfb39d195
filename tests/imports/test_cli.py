"""`flask import KIND FILE`."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.audit import AuditEntry
from app.imports.cli import import_file
from tests.imports.samples import excel_file

GOOD = "SKU,Name\nA,Apple\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


def run(app: Flask, *arguments: object) -> Result:
    info = ScriptInfo(create_app=lambda: app)
    return CliRunner().invoke(import_file, [str(argument) for argument in arguments], obj=info)


def test_the_counts_are_printed(app: Flask, session: Session, path: Path) -> None:
    path.write_text(GOOD)

    result = run(app, "products", path)

    assert (result.exit_code, result.output) == (
        0,
        "1 rows, 1 created, 0 updated, 0 unchanged, 0 failed\n",
    )
    entry = session.query(AuditEntry).filter_by(record_type="product").one()
    assert entry.actor == "command line"


def test_rows_that_failed_are_printed_and_set_the_exit_code(app: Flask, path: Path) -> None:
    path.write_text("SKU,Name,Price\nA,Apple,x\n")

    result = run(app, "products", path)

    assert result.exit_code == 1
    assert "row 2: price 'x': This is not a number" in result.output


def test_all_choices_can_be_made(app: Flask, session: Session, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(excel_file([("A", "Apple", "1,5")], sheets=["Other"]))
    mapping = '{"sku": "1", "name": "2", "price": "3"}'
    choices = "--mapping", mapping, "--no-header", "--sheet", "Sheet", "--decimal", ","

    dry = run(app, "products", path, *choices, "--dry-run")
    wet = run(app, "products", path, *choices)
    again = run(app, "products", path, *choices, "--no-update")

    assert dry.output == wet.output
    assert "1 created" in wet.output
    assert "1 unchanged" in again.output
    assert [price for (price,) in session.query(Product.price)] == [1.5]


@pytest.mark.parametrize(
    ("arguments", "content", "reason"),
    [
        (
            ["planets"],
            GOOD,
            "Choose one of products, components, customers, vendors, stock",
        ),
        (["products"], "%PDF-1.7", "This is a PDF document"),
        (["products", "--mapping", "nonsense"], GOOD, "The mapping is not JSON."),
        (["products", "--mapping", '{"sku": "9"}'], GOOD, "There is no column “9”"),
        (["stock", "--option", "sing"], "SKU,Quantity\nA,1\n", "There is no option “sing”."),
    ],
)
def test_what_cannot_be_is_said(
    app: Flask, path: Path, arguments: list[str], content: str, reason: str
) -> None:
    path.write_text(content)

    result = run(app, arguments[0], path, *arguments[1:])

    assert result.exit_code != 0
    assert reason in result.output
