"""Stored files: they live in PostgreSQL and expire."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core import cleanup, files
from app.core.actors import Actor, acting_as
from app.core.files import FileTooLarge, StoredFile, store_file
from tests.conftest import SignIn, client_of
from tests.factories import UserFactory


def stored(keep_days: int | None = 30) -> StoredFile:
    return store_file(
        "rows.csv",
        b"<script>1</script>",
        content_type="text/html",
        permission="products.import",
        keep_days=keep_days,
    )


def test_a_file_is_fetched_by_who_holds_its_permission(sign_in: SignIn) -> None:
    response = sign_in("products.import").get(stored().url)

    assert response.data == b"<script>1</script>"


def test_a_file_never_runs_as_a_page(sign_in: SignIn) -> None:
    response = sign_in("products.import").get(stored().url)

    assert response.headers["Content-Disposition"] == "attachment; filename=rows.csv"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"


def test_a_file_is_fetched_by_who_made_it(app: Flask) -> None:
    user = UserFactory.create()
    with acting_as(Actor(user.id, user.name, None)):
        file = stored()

    assert client_of(app, user).get(file.url).status_code == 200


def test_others_do_not_learn_that_it_is_there(sign_in: SignIn) -> None:
    assert sign_in("stock.view").get(stored().url).status_code == 404
    assert sign_in("stock.view").get("/files/999").status_code == 404


def test_a_file_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", 3)

    with pytest.raises(FileTooLarge):
        stored()


def test_files_expire_unless_they_are_kept_for_good(session: Session) -> None:
    old, kept = stored(), stored(keep_days=None)
    old.expires_at = datetime.now(UTC) - timedelta(minutes=1)
    young = stored()
    session.commit()

    cleanup.delete_files()

    assert {file.id for file in session.query(StoredFile)} == {kept.id, young.id}
