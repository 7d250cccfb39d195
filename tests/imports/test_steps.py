"""The steps of an import, below the pages."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.db import transaction
from app.core.errors import Invalid
from app.core.files import FileTooLarge, StoredFile
from app.core.jobs import JobRun, runner
from app.core.sheets import Format
from app.imports import exports, refused, services
from app.imports.definition import importers
from app.imports.events import FileImported
from app.imports.jobs import apply_file, check_file, export_records
from app.imports.mapping import guess_mapping
from app.imports.models import ImportRun
from app.imports.reading import UnreadableFile
from tests.factories import ProductFactory
from tests.imports.samples import counts, csv_file, errors, excel_file, imported, uploaded

HEADER = ("SKU", "Name", "Price")


def upload(content: bytes, **layout: Any) -> ImportRun:
    return services.upload("products", file_name="f.csv", content=content, **layout)


@pytest.mark.parametrize(
    ("columns", "mapping"),
    [
        (["Item No.", "ITEM NAME", "Other"], {"sku": "Item No.", "name": "ITEM NAME"}),
        (["EAN", "Title"], {"sku": "EAN", "name": "Title", "barcodes": "EAN"}),
        (["Référence", "EAN"], {"sku": "Référence", "barcodes": "EAN"}),
        (["reference", "-", "—"], {"sku": "reference"}),
        (["1", "2"], {}),
    ],
)
def test_columns_are_guessed_by_what_they_are_called(
    session: Session, columns: list[str], mapping: dict[str, str]
) -> None:
    assert guess_mapping(importers()["products"], columns) == mapping


def test_every_column_of_our_own_export_is_guessed(session: Session) -> None:
    for kind in ("products", "customers", "vendors"):
        importer = importers()[kind]
        labels = [field.label for field in importer.fields]

        assert guess_mapping(importer, labels) == {f.name: f.label for f in importer.fields}


def test_a_mapping_is_remembered_for_files_with_these_columns(session: Session) -> None:
    content = csv_file([("Code", "Words"), ("A", "Apple")])
    services.choose(upload(content), {"sku": "Code", "name": "Words"})
    services.choose(upload(content), {"sku": "Code", "description": "Words"})

    assert upload(content).mapping == {"sku": "Code", "description": "Words"}
    assert upload(csv_file([("Code", "Other"), ("A", "B")])).mapping == {"sku": "Code"}


@pytest.mark.parametrize(
    ("mapping", "reason"),
    [
        ({"sku": "SKU", "colour": "Name"}, "There is no field “colour”"),
        ({"sku": "SKU", "name": "Nome"}, "There is no column “Nome”"),
        ({"sku": "SKU", "name": "4"}, "There is no column “4”"),
        ({"name": "Name"}, "Choose the column that holds the field “SKU”"),
        ({"sku": "", "name": "Name"}, "Choose the column that holds the field “SKU”"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(
    session: Session, mapping: dict[str, str], reason: str
) -> None:
    with pytest.raises(Invalid, match=reason) as refusal:
        services.choose(upload(csv_file([HEADER, ("A", "B", "1")])), mapping)

    assert list(refusal.value.fields) == ["mapping"]


def test_a_column_may_be_named_in_another_case_or_by_its_number(session: Session) -> None:
    run = upload(csv_file([HEADER, ("A", "B", "1")]))

    services.choose(run, {"sku": "sku", "name": "2"})

    assert run.mapping == {"sku": "SKU", "name": "Name"}


def test_reading_anew_takes_another_sheet(session: Session) -> None:
    run = upload(excel_file([("SKU",), ("A",)], sheets=["Empty"]))
    assert services.sheets_of(run) == ["Sheet", "Empty"]

    with pytest.raises(UnreadableFile, match="no rows"):
        services.read_anew(run, sheet="Empty")
    services.read_anew(run, sheet="Sheet", header=False)

    assert (run.columns, run.mapping, run.stage) == (["1"], {}, "uploaded")


def test_a_text_file_has_no_sheets(session: Session) -> None:
    assert services.sheets_of(upload(csv_file([HEADER, ("A", "B", "1")]))) == []


def test_a_chosen_decimal_separator_decides(session: Session) -> None:
    rows = HEADER, ("A", "Apple", "1.234")

    ambiguous = upload(csv_file(rows, delimiter=";"))
    services.choose(ambiguous, ambiguous.mapping)
    refused_rows = services.run_import(ambiguous.id, dry_run=True)
    chosen = upload(csv_file(rows, delimiter=";"), decimal=",")
    services.choose(chosen, chosen.mapping)
    services.run_import(chosen.id, dry_run=False)

    assert "choose the decimal separator" in errors(refused_rows)[0][2]
    assert session.query(Product.price).one() == (1234,)


def test_a_row_with_too_many_cells_is_refused(session: Session) -> None:
    result = imported(
        "products", HEADER, ("A", "Apple", "1", "extra"), ("B", "Bread", "1", " ")
    )

    reason = "The row has more cells than the table has columns."
    assert errors(result) == [(2, "", reason)]
    assert counts(result) == (1, 0, 0, 1)


def test_a_row_with_two_faults_counts_once_and_tells_both(session: Session) -> None:
    result = imported("products", HEADER, ("5.65E+12", "Apple", "x"))

    assert [field for _row, field, _error in errors(result)] == ["price", "sku"]
    assert result["failed"] == 1


def test_only_the_first_hundred_errors_are_shown(session: Session) -> None:
    rows = [(f"S{number}", "", "1") for number in range(120)]

    result = imported("products", HEADER, *rows)

    assert (result["failed"], len(result["errors"])) == (120, 100)
    assert [row for row, _field, _error in errors(result)] == list(range(2, 102))


def test_errors_of_an_excel_file_come_back_as_one(session: Session) -> None:
    run = upload(excel_file([("SKU", "Name", "Price"), ("A", "", 1.5), (12345.0, "", 2)]))
    services.choose(run, run.mapping)
    services.run_import(run.id, dry_run=True)

    file = session.get_one(StoredFile, run.error_file_id)
    again = upload(bytes(file.content))

    assert file.name == "f - errors.xlsx"
    assert again.columns == ["SKU", "Name", "Price", "Reason"]
    assert services.table_of(again).preview(2)[1] == (
        3,
        ["12345", "", "2", "Name: A new product needs a name."],
    )


def test_errors_without_a_header_come_back_without_one(session: Session) -> None:
    run = upload(b"A,Apple\nB,\n", header=False)
    services.choose(run, {"sku": "1", "name": "2"})
    services.run_import(run.id, dry_run=True)

    file = session.get_one(StoredFile, run.error_file_id)

    assert (
        bytes(file.content).decode("utf-8-sig").strip()
        == "B,,Name: A new product needs a name."
    )


def test_an_error_file_over_the_limit_is_left_out(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any, **_more: Any) -> None:
        raise FileTooLarge("too large")

    monkeypatch.setattr(refused, "store_file", refuse)

    result = imported("products", HEADER, ("A", "", "1"))

    assert (result["failed"], result["error_file_url"]) == (1, None)


def test_what_was_imported_is_announced_once(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[FileImported] = []
    monkeypatch.setattr(services, "publish", told.append)
    rows = HEADER, ("A", "Apple", "1"), ("B", "Bread", "1")

    imported("products", *rows, dry_run=True)
    imported("products", *rows)
    imported("products", *rows)

    assert [event.kind for event in told] == ["products"]


def test_jobs_check_and_apply(session: Session) -> None:
    run = uploaded("products", HEADER, ("A", "Apple", "1"))

    runner.perform(services.begin(run, check_file, "ready").id)
    assert (run.stage, session.query(Product).count()) == ("checked", 0)
    runner.perform(services.begin(run, apply_file, "checked").id)

    job = session.get_one(JobRun, run.job_id)
    assert (run.stage, job.state, session.query(Product).count()) == ("applied", "succeeded", 1)
    assert job.result is not None
    assert counts(job.result) == (1, 0, 0, 0)


def test_progress_is_reported_while_rows_are_read(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(services, "report_progress", lambda *progress: told.append(progress))
    rows = [(f"S{number}", "N", "1") for number in range(4001)]

    imported("products", HEADER, *rows, dry_run=True)

    assert told == [(2000, 4003), (4000, 4003), (4001, 4002)]


def test_a_step_is_begun_once(session: Session) -> None:
    run = uploaded("products", HEADER, ("A", "Apple", "1"))
    services.begin(run, check_file, "ready")

    with pytest.raises(services.NotReady, match="being worked on"):
        services.begin(run, check_file, "ready")
    with pytest.raises(services.NotReady, match="being worked on"):
        services.choose(run, run.mapping)
    with pytest.raises(services.NotReady, match="being worked on"):
        services.read_anew(run)


def test_what_was_not_checked_is_not_applied(session: Session) -> None:
    run = uploaded("products", HEADER, ("A", "Apple", "1"))

    with pytest.raises(services.NotReady, match="another step"):
        services.begin(run, apply_file, "checked")


def test_an_import_that_was_applied_stays_as_it_is(session: Session) -> None:
    run = uploaded("products", HEADER, ("A", "Apple", "1"))
    services.run_import(run.id, dry_run=False)

    with pytest.raises(services.NotReady, match="applied already"):
        services.choose(run, run.mapping)


def test_a_file_that_has_expired_must_be_uploaded_again(session: Session) -> None:
    run = uploaded("products", HEADER, ("A", "Apple", "1"))
    with transaction():
        session.execute(text("DELETE FROM stored_file"))
        session.expire_all()

    with pytest.raises(services.FileGone):
        services.run_import(run.id, dry_run=True)


def test_a_broken_row_further_down_stops_the_whole_import(session: Session) -> None:
    with pytest.raises(UnreadableFile, match="Row 3 cannot be read"):
        upload(b"SKU,Name\nA,Apple\n" + b'B,"never ' + b"ends " * 250_000)

    assert session.query(ImportRun).count() == 0


def test_many_records_are_exported_by_a_job(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    ProductFactory.create(sku="A")
    ProductFactory.create(sku="B")
    products = importers()["products"]

    assert not exports.is_large(products, {})
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    assert exports.is_large(products, {})

    for form in Format:
        result = export_records(
            kind="products", form=form.value, filters={"search": "B"}, names=["sku", "name"]
        )
        assert result is not None
        file = session.get_one(StoredFile, int(result["file_url"].split("/")[-1]))
        assert file.name == f"products.{form.value}"
        assert (
            services.upload("products", file_name="x", content=bytes(file.content)).columns[0]
            == "SKU"
        )
