"""What changes on open pages when a document goes out."""

from flask import render_template

from app.core.db import db
from app.core.events import Fragment
from app.documents import queries
from app.documents.events import SendingChanged
from app.documents.papers import document_type


def show_sending(event: SendingChanged) -> list[Fragment]:
    """Let the page of the document fetch what was sent of it."""
    sent = db.session.scalars(queries.sent_document(event.sent_id)).one_or_none()
    if sent is None:
        return []
    of = document_type(sent.document_type)
    html = render_template("documents/_news.html", of=of, document_id=sent.document_id)
    return [Fragment(f"{of.topic}:{sent.document_id}", html)]
