"""The same `Idempotency-Key` gives the first answer again, and does nothing twice."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Response, current_app, make_response, request
from sqlalchemy import Index, UniqueConstraint, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from app.core.actors import current_actor_id
from app.core.db import Model, transaction
from app.core.errors import DomainError

LONGEST_KEY = 200
KEPT_HEADERS = ("Location", "ETag")

View = TypeVar("View", bound=Callable[..., Any])


class KeyReused(DomainError):
    """One idempotency key came with two different requests."""


class KeyTooLong(DomainError):
    """A key is not meant to carry a payload."""

    status = 400


class IdempotentResponse(Model):
    """The first answer to a request that carried a key; it is as old as its transaction."""

    __tablename__ = "idempotent_response"
    __table_args__ = (
        UniqueConstraint("actor_id", "key"),
        Index("ix_idempotent_response_created_at", "created_at"),
    )

    actor_id: Mapped[int]
    key: Mapped[str]
    request_hash: Mapped[str]
    status: Mapped[int] = mapped_column(server_default="0")
    headers: Mapped[str] = mapped_column(server_default="")
    body: Mapped[str] = mapped_column(server_default="")


def request_key() -> str | None:
    """Give the key of the request, unique among all callers; None if it has none."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 0 < len(key) <= LONGEST_KEY:
        raise KeyTooLong(f"An idempotency key has 1 to {LONGEST_KEY} characters.")
    return f"{current_actor_id()}:{key}"


def request_hash() -> str:
    """Tell requests apart: method, address and body."""
    digest = hashlib.sha256(f"{request.method} {request.full_path}\n".encode())
    if request.mimetype != "multipart/form-data":
        digest.update(request.get_data(cache=True))
        return digest.hexdigest()
    # The same upload has other boundaries each time: what counts is what they part.
    for part in sorted(request.form.items(multi=True)):
        digest.update(repr(part).encode())
    for name, file in request.files.items(multi=True):
        content = hashlib.sha256(file.stream.read()).hexdigest()
        file.stream.seek(0)
        digest.update(repr((name, file.filename, content)).encode())
    return digest.hexdigest()


def idempotent(view: View) -> View:
    """Run a writing view of the API once per key.

    The key is written first and in the same transaction: a second request with it waits on
    the unique index until the first one has committed, and then hears the first answer. A
    refusal rolls the key back, so it may be used again once the request is put right.
    """

    @wraps(view)
    def once(*args: Any, **kwargs: Any) -> Any:
        key = request_key()
        if key is None:
            return view(*args, **kwargs)
        with transaction() as session:
            mine = insert(IdempotentResponse).values(
                actor_id=current_actor_id(), key=key, request_hash=request_hash()
            )
            claim = mine.on_conflict_do_nothing().returning(IdempotentResponse.id)
            answer_id = session.scalar(claim)
            if answer_id is None:
                return _again(key)
            response = make_response(current_app.ensure_sync(view)(*args, **kwargs))
            _remember(answer_id, response)
        return response

    return takes_key(once)  # type: ignore[return-value]


def takes_key(view: View) -> View:
    """Say that a view heeds `Idempotency-Key`: by `idempotent`, or as it does by itself."""
    view.takes_key = True  # type: ignore[attr-defined]
    return view


def _remember(answer_id: int, response: Response) -> None:
    headers = [f"{n}: {response.headers[n]}" for n in KEPT_HEADERS if n in response.headers]
    values = {
        "status": response.status_code,
        "headers": "\n".join(headers),
        "body": response.get_data(as_text=True),
    }
    with transaction() as session:
        session.execute(
            update(IdempotentResponse).where(IdempotentResponse.id == answer_id).values(values)
        )


def _again(key: str) -> Response:
    with transaction() as session:
        first = session.query(IdempotentResponse).filter_by(key=key).one()
        if first.request_hash != request_hash():
            raise KeyReused("This idempotency key belongs to another request.")
        headers = dict(line.split(": ", 1) for line in first.headers.splitlines())
        return Response(first.body, first.status, headers, mimetype="application/json")
