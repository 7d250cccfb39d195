"""A person sends a paper by e-mail: it is printed, kept, and waits for the job."""

from collections.abc import Callable
from typing import Any, NamedTuple

from app.catalog.rules import parse_email, parse_line, parse_text
from app.core.actors import current_actor_id
from app.core.db import db, transaction
from app.core.errors import DomainError, Invalid
from app.core.events import publish
from app.core.files import store_file
from app.core.mail import MailMisconfigured, mail_server
from app.core.settings import setting
from app.documents import queries
from app.documents.events import DocumentQueued, SendingChanged
from app.documents.models import SentDocument
from app.documents.papers import DocumentType
from app.documents.services.printing import print_paper

PDF = "application/pdf"
NO_SERVER = (
    "E-mail is not set up here, so nothing can be sent. "
    "An administrator names the mail server in SMTP_URL."
)
LONGEST_SUBJECT = 200
BODY = """\
Hello,

please find attached: {title} {number}.

{company}
"""


class NoMailServer(DomainError):
    """Nothing can be sent, because no mail server is set up."""

    status = 503


class Letter(NamedTuple):
    """An e-mail as a person writes it."""

    recipient: str
    subject: str
    body: str


def usual_letter(of: DocumentType, document: Any, kind: str) -> Letter:
    """Give what a person begins with."""
    title, company = of.paper(kind).title, setting("company_name")
    body = BODY.format(title=title, number=document.number, company=company)
    return Letter(of.recipient(document), f"{title} {document.number}", body)


def refuse_without_server() -> None:
    """Refuse at once what could never be sent.

    Raises:
        NoMailServer: None is set up, or not so that it is understood.
    """
    try:
        server = mail_server()
    except MailMisconfigured as error:
        raise NoMailServer(f"Nothing can be sent: {error}") from error
    if server is None:
        raise NoMailServer(NO_SERVER)


def send_document(of: DocumentType, document: Any, kind: str, letter: Letter) -> SentDocument:
    """Print a paper of a document, keep it for good, and let a job send it to an address.

    Raises:
        NoMailServer: No mail server is set up.
        Invalid: The address or the words do not fit.
        NoSuchPaper, PdfUnavailable: It cannot be printed.
        DomainError: The kind of document refuses it in its state.
    """
    refuse_without_server()
    letter = _checked(letter)
    printed = print_paper(of, document, kind)
    with transaction():
        of.on_send(document.id, kind)
        file = store_file(
            printed.name,
            printed.content,
            content_type=PDF,
            permission=of.view_permission,
            keep_days=None,
        )
        sent = SentDocument(
            document_type=of.name, document_id=document.id, kind=kind, file_id=file.id
        )
        return _queued(sent, letter)


def resend(sent_id: int) -> SentDocument:
    """Send the very same once more, to the same address; it is kept as one of its own.

    Raises:
        NoMailServer: No mail server is set up.
    """
    refuse_without_server()
    with transaction() as session:
        first = session.scalars(queries.sent_document(sent_id)).one()
        again = SentDocument(
            document_type=first.document_type,
            document_id=first.document_id,
            kind=first.kind,
            file_id=first.file_id,
        )
        return _queued(again, Letter(first.recipient, first.subject, first.body))


def _checked(letter: Letter) -> Letter:
    recipient = _fitting("recipient", parse_email, letter.recipient)
    if not recipient:
        raise Invalid("recipient", "Say to whom: no e-mail address is known.")
    subject = _fitting("subject", parse_line, letter.subject)
    if not subject or len(subject) > LONGEST_SUBJECT:
        raise Invalid("subject", f"Enter a subject of at most {LONGEST_SUBJECT} characters.")
    return Letter(recipient, subject, _fitting("body", parse_text, letter.body))


def _fitting(field: str, rule: Callable[[str], str], text: str) -> str:
    try:
        return rule(text)
    except ValueError as error:
        raise Invalid(field, str(error)) from error


def _queued(sent: SentDocument, letter: Letter) -> SentDocument:
    sent.recipient, sent.subject, sent.body = letter
    sent.sender_id = current_actor_id()
    db.session.add(sent)
    db.session.flush()
    publish(DocumentQueued(sent_id=sent.id))
    publish(SendingChanged(sent_id=sent.id))
    return sent
