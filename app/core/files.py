"""Stored files: imports, error lists, exports, reports. They live in PostgreSQL and expire."""

import hashlib
from datetime import UTC, datetime, timedelta
from io import BytesIO

from flask import Blueprint, Response, abort, send_file
from flask_login import current_user
from sqlalchemy import CheckConstraint, ForeignKey, Index, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core.actors import current_actor_id
from app.core.db import Model, db, transaction
from app.core.errors import DomainError
from app.core.permissions import SIGNED_IN, may, requires

LARGEST = 50 * 1024 * 1024
KEEP_DAYS = 30

bp = Blueprint("files", __name__)


class FileTooLarge(DomainError):
    """A file is over the size that is kept."""

    status = 413


class StoredFile(Model):
    """A file. Whoever holds `permission`, or made it, may fetch it until it expires."""

    __tablename__ = "stored_file"
    __table_args__ = (
        CheckConstraint("size = octet_length(content)", "size"),
        Index("ix_stored_file_expires_at", "expires_at"),
    )

    name: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    permission: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    expires_at: Mapped[datetime | None]
    content: Mapped[bytes] = mapped_column(deferred=True)

    @property
    def url(self) -> str:
        """Where it is fetched."""
        return f"/files/{self.id}"


def store_file(
    name: str,
    content: bytes,
    *,
    content_type: str,
    permission: str,
    keep_days: int | None = KEEP_DAYS,
) -> StoredFile:
    """Keep a file for `keep_days`, or for good if None.

    Raises:
        FileTooLarge: It is over 50 MB.
    """
    if len(content) > LARGEST:
        raise FileTooLarge(f"{name} is larger than {LARGEST // 1024**2} MB.")
    expires_at = datetime.now(UTC) + timedelta(days=keep_days) if keep_days else None
    with transaction() as session:
        file = StoredFile(
            name=name,
            content=content,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            content_type=content_type,
            permission=permission,
            owner_id=current_actor_id(),
            expires_at=expires_at,
        )
        session.add(file)
        session.flush()
    return file


def delete_expired() -> None:
    """Forget what has expired."""
    with transaction() as session:
        session.execute(delete(StoredFile).where(StoredFile.expires_at < datetime.now(UTC)))


@bp.get("/files/<int:file_id>")
@requires(SIGNED_IN)
def show(file_id: int) -> Response:
    """Send a file, always as a download: what people upload must not run as a page."""
    file = db.session.scalars(select(StoredFile).where(StoredFile.id == file_id)).one_or_none()
    if file is None or not (may(file.permission) or file.owner_id == current_user.id):
        abort(404)
    response = send_file(
        BytesIO(file.content),
        mimetype=file.content_type,
        as_attachment=True,
        download_name=file.name,
    )
    response.headers["Cache-Control"] = "no-store"  # Flask lets caches keep what is a file
    return response
