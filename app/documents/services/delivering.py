"""What was sent is handed in at the mail server, and what becomes of it is noted and told."""

from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from app.core.alerts import close_alert, raise_alert
from app.core.db import db, locked, transaction
from app.core.events import publish
from app.core.mail import Attachment, Author, MailMisconfigured, send_mail
from app.core.settings import setting
from app.documents import queries
from app.documents.events import SendingChanged
from app.documents.models import SentDocument
from app.documents.papers import document_type
from app.documents.services.sending import NO_SERVER

FAILURES = (SMTPException, OSError, MailMisconfigured)
PERMANENT = 500  # replies from here on say that trying again is of no use: RFC 5321, 4.2.1


def deliver(sent_id: int, *, is_last: bool) -> str:
    """Hand a mail in, once, and give the state it is in then.

    The transaction ends before the mail server is asked, which may take its time. So only a
    crash between its answer and our note of it brings a second mail.

    Raises:
        SMTPException, OSError, MailMisconfigured: Not now; it is noted, and may be tried again.
    """
    sent = _waiting(sent_id)
    if sent is None:
        return "done before"
    try:
        is_sent = _hand_in(sent)
    except FAILURES as error:
        is_refused = _is_permanent(error)
        _note_failure(sent_id, reason(error), is_final=is_last or is_refused)
        if is_refused:
            return "failed"
        raise
    if not is_sent:
        _note_failure(sent_id, NO_SERVER, is_final=True)
        return "failed"
    _note_success(sent_id)
    return "sent"


def give_up(sent_id: int) -> SentDocument:
    """Say that a failure has been seen: nobody is reminded of it any more."""
    with transaction():
        sent = _locked(sent_id)
        if sent.state == "failed":
            sent.state = "given_up"
            close_alert(_alert_key(sent))
            publish(SendingChanged(sent_id=sent_id))
    return sent


def reason(error: Exception) -> str:
    """Say in words why a mail was not taken."""
    if isinstance(error, SMTPRecipientsRefused):
        replies = [_reply(*reply) for reply in error.recipients.values()]
        return f"The mail server refuses the address: {' '.join(replies)}"
    if isinstance(error, SMTPResponseException):
        return f"The mail server refuses: {_reply(error.smtp_code, error.smtp_error)}"
    if isinstance(error, MailMisconfigured):
        return str(error)
    return f"The mail server does not answer: {error}"


def _waiting(sent_id: int) -> SentDocument | None:
    with transaction() as session:
        sent = session.scalars(queries.mail_of(sent_id)).one()
        return sent if sent.state in ("queued", "failed") else None


def _hand_in(sent: SentDocument) -> bool:
    file, sender = sent.file, sent.sender
    return send_mail(
        to=[sent.recipient],
        subject=sent.subject,
        text=sent.body,
        author=Author(setting("company_name"), sender.email if sender else ""),
        attachments=[Attachment(file.name, file.content, file.content_type)],
    )


def _note_success(sent_id: int) -> None:
    with transaction():
        sent = _locked(sent_id)
        sent.succeed()
        close_alert(_alert_key(sent))
        publish(SendingChanged(sent_id=sent_id))


def _note_failure(sent_id: int, why: str, *, is_final: bool) -> None:
    with transaction():
        sent = _locked(sent_id)
        sent.fail(why, is_final=is_final)
        if is_final:
            _raise_alert(sent)
        publish(SendingChanged(sent_id=sent_id))


def _raise_alert(sent: SentDocument) -> None:
    of = document_type(sent.document_type)
    raise_alert(
        kind="document.unsent",
        key=_alert_key(sent),
        permission=of.send_permission,
        title=f"{sent.subject} could not be sent to {sent.recipient}",
        text=sent.error,
        href=of.url(sent.document_id),
    )


def _alert_key(sent: SentDocument) -> str:
    """One for each paper of a document: sent at last, also elsewhere, it is put right."""
    return f"sent_document:{sent.document_type}:{sent.document_id}:{sent.kind}"


def _locked(sent_id: int) -> SentDocument:
    return db.session.scalars(locked(queries.sent_document(sent_id), SentDocument)).one()


def _is_permanent(error: Exception) -> bool:
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _text in error.recipients.values())
    return isinstance(error, SMTPResponseException) and error.smtp_code >= PERMANENT


def _reply(code: int, text: bytes | str) -> str:
    said = text.decode(errors="replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(said.split())}"
