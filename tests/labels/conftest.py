"""What the tests of labels have in common."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.accounts import services as accounts
from app.core.db import db
from app.core.files import StoredFile
from app.core.jobs import runner
from app.labels.models import LabelBatch
from tests.factories import RoleFactory, UserFactory
from tests.labels.reading import require_pango

ROOT = "/api/v1/labels"
ALL = ("labels.view", "labels.print", "labels.manage", "products.view", "stock.view")

Call = Callable[..., TestResponse]


@pytest.fixture
def call(app: Flask) -> Call:
    """Call the API as a program that holds these permissions: all of labels unless said."""

    def call(
        method: str, path: str, body: Any = None, *, permissions: tuple[str, ...] = ALL
    ) -> TestResponse:
        user = UserFactory.create(role=RoleFactory.create(permissions=list(permissions)))
        bearer = {"Authorization": f"Bearer {accounts.create_token(user, name='test')}"}
        return app.test_client().open(path, method=method, json=body, headers=bearer)

    return call


def drawn(batch_id: int) -> LabelBatch:
    """Do the work of a batch as a worker does, and give it as it is then."""
    require_pango()
    asked = db.session.get_one(LabelBatch, batch_id, populate_existing=True)
    runner.perform(asked.job_id or 0)
    return db.session.get_one(LabelBatch, batch_id, populate_existing=True)


def pdf_of(batch: LabelBatch) -> bytes:
    return bytes(db.session.get_one(StoredFile, batch.file_id).content)


def data(response: TestResponse) -> Any:
    return response.json
