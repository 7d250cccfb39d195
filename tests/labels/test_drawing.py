"""Drawing a batch: what is kept of it, twice the same, long ones in parts."""

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.db import db
from app.core.files import StoredFile
from app.core.jobs import JobRun, runner
from app.core.pdf import PdfUnavailable
from app.labels import queries as queries_of_labels
from app.labels import services
from app.labels.drawing import printing
from app.labels.drawing.contents import LabelContent
from app.labels.drawing.formats import BUILT_IN
from app.labels.drawing.placing import place
from app.labels.drawing.printing import print_labels
from app.labels.drawing.sheets import Paper, page_count
from app.labels.jobs import draw_labels
from app.labels.models import LabelBatch, LabelItem
from tests.factories import ProductFactory
from tests.labels.conftest import drawn, pdf_of
from tests.labels.reading import read, require_pango, texts


def batch_of(*codes: str, copies: int = 1, **choices: Any) -> LabelBatch:
    asked = [services.LabelRequest("sku", code, copies) for code in codes]
    chosen = services.Choices(**({"format": "L7160"} | choices))
    return services.request_batch(asked, chosen, draw_labels)


def seen(session: Session, batch: LabelBatch) -> LabelBatch:
    """A batch as its page loads it."""
    query = queries_of_labels.batch(batch.id).execution_options(populate_existing=True)
    return session.scalars(query).one()


def test_drawing_twice_keeps_one_file_that_says_the_same(session: Session) -> None:
    ProductFactory.create(sku="A-1", name="Kettle")
    batch = drawn(batch_of("A-1", "NOPE").id)
    first = texts(pdf_of(batch), 300)

    services.draw_batch(batch.id)

    assert texts(pdf_of(batch), 300) == first == {"A-1": 1}
    assert (batch.labels, batch.pages, batch.failed) == (1, 1, 1)


def test_a_long_batch_is_drawn_in_parts_and_reports_its_progress(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    require_pango()
    monkeypatch.setattr(printing, "AT_ONCE", 42)
    format_ = BUILT_IN["L7160"]
    codes = [f"S-{number:03}" for number in range(100)]
    labels = [
        place(LabelContent(code=code), size=format_.size, symbology="code128", dpi=203)
        for code in codes
    ]
    told: list[int] = []

    pdf = print_labels(labels, Paper(format=format_, dpi=203), start_cell=3, report=told.append)

    assert told == [40, 82, 100]
    found = read(pdf, 203)
    assert sorted(one.text for one in found) == codes
    assert max(one.page for one in found) == 5 == page_count(100, format_=format_, start_cell=3)


def test_the_job_says_what_came_of_it(session: Session) -> None:
    ProductFactory.create(sku="A-1")
    batch = drawn(batch_of("A-1", "NOPE", copies=2).id)

    job = session.get_one(JobRun, batch.job_id)

    assert job.state == "succeeded"
    assert (job.done, job.total) == (2, 2)
    assert job.result is not None
    assert job.result["labels"] == 2
    assert job.result["errors"][0]["value"] == "NOPE"
    assert job.result["file_url"] == f"/files/{batch.file_id}"


def test_without_pango_the_job_fails_with_the_reason(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(*_args: Any, **_rest: Any) -> bytes:
        raise PdfUnavailable

    monkeypatch.setattr("app.labels.drawing.printing.render_pdf", unavailable)
    ProductFactory.create(sku="A-1")
    batch = batch_of("A-1")

    for _attempt in range(2):
        session.execute(update(JobRun).values(state="queued"))
        runner.perform(batch.job_id or 0)

    job = db.session.get_one(JobRun, batch.job_id, populate_existing=True)
    assert job.state == "failed"
    assert "PDF needs Pango" in (job.error or "")
    assert seen(session, batch).state == "failed"


def test_a_job_that_is_cancelled_leaves_nothing_behind(session: Session) -> None:
    ProductFactory.create(sku="A-1")
    batch = batch_of("A-1")
    session.execute(update(JobRun).values(is_cancel_asked=True))
    session.commit()

    drawn(batch.id)

    assert seen(session, batch).state == "cancelled"
    assert session.scalars(select(StoredFile)).all() == []
    assert session.scalars(select(LabelItem.content)).all() == [None]


def test_what_was_forgotten_of_a_job_is_known_from_the_batch(session: Session) -> None:
    ProductFactory.create(sku="A-1")
    batch = drawn(batch_of("A-1").id)
    batch.job_id = None
    session.commit()

    assert seen(session, batch).state == "succeeded"
    assert not seen(session, batch).is_working


def test_a_roll_always_begins_with_its_next_label() -> None:
    assert batch_of("A-1", format="57x32", start_cell=5).start_cell == 1


def test_looking_up_many_things_takes_few_queries(queries: list[str]) -> None:
    for number in range(20):
        ProductFactory.create(sku=f"A-{number}")
    batch = batch_of(*(f"A-{number}" for number in range(20)))
    queries.clear()

    drawn(batch.id)

    assert len(queries) <= 16
