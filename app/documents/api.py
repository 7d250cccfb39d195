"""Documents as PDF and by e-mail for programs: each kind hangs them on its own calls."""

from typing import Any

import marshmallow as ma
from flask import Response

from app.core.api import Blueprint
from app.core.db import db, retried
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.web import one_or_404
from app.documents import queries, services
from app.documents.models import SENDING_STATES, SentDocument
from app.documents.papers import DocumentType


class SentDocumentSchema(ma.Schema):
    """An e-mail with a paper of a document. What is left out of a new one follows from it."""

    id = ma.fields.Int(dump_only=True)
    kind = ma.fields.Str(required=True, metadata={"description": "Which paper of the document"})
    to = ma.fields.Str(attribute="recipient")
    subject = ma.fields.Str()
    text = ma.fields.Str(attribute="body")
    state = ma.fields.Str(dump_only=True, validate=ma.validate.OneOf(SENDING_STATES))
    error = ma.fields.Str(dump_only=True)
    file = ma.fields.Str(attribute="file.name", dump_only=True)
    file_url = ma.fields.Str(attribute="file.url", dump_only=True)
    sender = ma.fields.Str(attribute="sender.name", dump_only=True)
    created_at = ma.fields.DateTime(dump_only=True)
    sent_at = ma.fields.DateTime(dump_only=True, allow_none=True)


class SentDocumentsSchema(ma.Schema):
    """All that was sent of a document, the newest first."""

    items = ma.fields.List(ma.fields.Nested(SentDocumentSchema))


PDF = {"type": "string", "format": "binary"}


def add_papers(bp: Blueprint, of: DocumentType) -> None:
    """Let programs print what goes out on paper of a kind of document."""
    papers = ", ".join(of.papers)

    @bp.get(f"/<int:{of.argument}>/documents/<kind>")
    @requires(of.view_permission)
    @bp.doc(description=f"`kind` is one of {papers}.")
    @bp.response(200, PDF, content_type="application/pdf")
    @bp.alt_response(404, description="There is no such record, or paper (no_such_paper)")
    def get_document(kind: str, **named: int) -> Response:
        """Print a paper of it as PDF, as it is now."""
        document = one_or_404(of.find(named[of.argument]))
        printed = services.print_paper(of, document, kind)
        answer = Response(printed.content, mimetype="application/pdf")
        answer.headers["Content-Disposition"] = f'attachment; filename="{printed.name}"'
        return answer


def add_sending(bp: Blueprint, of: DocumentType) -> None:
    """Let programs send a kind of document, and read what was sent of it."""
    rule = f"/<int:{of.argument}>/sent-documents"

    @bp.get(rule)
    @requires(of.view_permission)
    @bp.response(200, SentDocumentsSchema)
    def list_sent_documents(**named: int) -> dict[str, list[SentDocument]]:
        """List what was sent by e-mail, the newest first."""
        document = one_or_404(of.find(named[of.argument]))
        found = db.session.scalars(queries.sent_of(of.name, document.id))
        return {"items": [*found]}

    @bp.post(rule)
    @requires(of.send_permission)
    @retried
    @idempotent
    @bp.arguments(SentDocumentSchema)
    @bp.response(202, SentDocumentSchema)
    @bp.alt_response(404, description="There is no such paper (no_such_paper)")
    @bp.alt_response(503, description="No mail server is set up (no_mail_server)")
    def send_document(body: dict[str, Any], **named: int) -> SentDocument:
        """Send a paper of it as PDF; what is left out is written as a person would find it."""
        document = one_or_404(of.find(named[of.argument]))
        kind = body.pop("kind")
        letter = services.usual_letter(of, document, kind)._replace(**body)
        sent = services.send_document(of, document, kind, letter)
        return _sent(of, document.id, sent.id)

    @bp.post(f"{rule}/<int:sent_id>/dismissal")
    @requires(of.send_permission)
    @idempotent
    @bp.response(200, SentDocumentSchema)
    def dismiss_sent_document(sent_id: int, **named: int) -> SentDocument:
        """Be reminded no more of an e-mail that failed."""
        document = one_or_404(of.find(named[of.argument]))
        services.give_up(_sent(of, document.id, sent_id).id)
        return _sent(of, document.id, sent_id)


def _sent(of: DocumentType, document_id: int, sent_id: int) -> SentDocument:
    found = queries.sent_of(of.name, document_id)
    fresh = found.execution_options(populate_existing=True)
    return one_or_404(fresh.where(SentDocument.id == sent_id))
