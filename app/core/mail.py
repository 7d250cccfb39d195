"""E-mail, by the server that SMTP_URL names; without one nothing is sent, and nothing fails.

    smtp://host:25    smtp+starttls://user:password@host:587    smtps://user:password@host:465

User and password are percent-encoded. What goes wrong is raised, so that a job tries again;
what is raised never says what stands in the URL.
"""

import logging
import smtplib
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime, make_msgid
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from flask import current_app

from app.core.settings import setting

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
SECONDS = 10  # that the server may take for each of its answers

log = logging.getLogger(__name__)


class MailMisconfigured(Exception):
    """SMTP_URL is not understood."""


class Attachment(NamedTuple):
    """A file that goes with a mail."""

    name: str
    content: bytes
    content_type: str


class Author(NamedTuple):
    """Who writes: the name that a mail comes under, and where answers go, if anywhere."""

    name: str
    reply_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where mail is handed in."""

    scheme: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)

    def connect(self) -> smtplib.SMTP:
        """Open a connection, sealed and signed in as the URL says.

        Raises:
            SMTPException, OSError: It is away, or refuses; also if it cannot be sealed.
        """
        if self.scheme == "smtps":
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=SECONDS, context=ssl.create_default_context()
            )
        else:
            client = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        try:
            self._introduce(client)
        except BaseException:
            client.close()
            raise
        return client

    def _introduce(self, client: smtplib.SMTP) -> None:
        if self.scheme == "smtp+starttls":
            client.starttls(context=ssl.create_default_context())
        if self.user:
            client.login(self.user, self.password)


def send_mail(
    *,
    to: Sequence[str],
    subject: str,
    text: str,
    author: Author | None = None,
    attachments: Sequence[Attachment] = (),
) -> bool:
    """Send one mail to some addresses, and tell whether it was sent.

    Without an author nobody wrote it: it says so, and no holiday answers come back.

    Raises:
        ValueError: A line break stands in a header.
        MailMisconfigured, SMTPException, OSError: It could not be handed in.
    """
    server = mail_server()
    if server is None:
        log.info("Not sent, because SMTP_URL is not set: %r", subject)
        return False
    if not to:
        return False
    message = _message(sender(server), to, subject, text, author)
    for file in attachments:
        maintype, _slash, subtype = file.content_type.partition("/")
        message.add_attachment(
            file.content, maintype=maintype, subtype=subtype, filename=file.name
        )
    with server.connect() as client:
        refused = client.send_message(message, to_addrs=list(to))
    if refused:  # the others have it: trying again would bring it to them twice
        log.warning("The mail server takes nothing for %s", ", ".join(refused))
    return True


def mail_server() -> Server | None:
    """Give the server that SMTP_URL names, if it names one.

    Raises:
        MailMisconfigured: It is not understood.
    """
    url = current_app.config.get("SMTP_URL")
    return _parsed(url) if url else None


def sender(server: Server) -> str:
    """Give the address that mail comes from: the setting, else one that the server may know."""
    if chosen := setting("mail_from"):
        return str(chosen)
    if "@" in server.user:
        return server.user
    host = urlsplit(current_app.config.get("PUBLIC_URL") or "").hostname
    return f"opsroom@{host or socket.gethostname()}"


def is_public() -> bool:
    """Tell whether PUBLIC_URL is known: without it links in mails lead nowhere."""
    return bool(current_app.config.get("PUBLIC_URL"))


def public_url(path: str) -> str:
    """Write a path of ours so that it can be followed from outside, if PUBLIC_URL is known."""
    base: str = current_app.config.get("PUBLIC_URL") or ""
    return base.rstrip("/") + path


def _parsed(url: str) -> Server:
    server = _server(url)
    if server is None:
        raise MailMisconfigured("SMTP_URL is not like smtps://user:password@host:465.")
    if not (server.user + server.password).isascii():  # smtplib speaks nothing else
        raise MailMisconfigured("User and password of SMTP_URL must be ASCII.")
    return server


def _server(url: str) -> Server | None:
    """Take the URL apart; what fails here may hold a part of the password, so it is dropped."""
    try:
        parts = urlsplit(url)
        usual_port = PORTS[parts.scheme]
        # A password with a bare "/", "?" or "#" ends there, and its rest stands in these.
        if parts.path.strip("/") or parts.query or parts.fragment or not parts.hostname:
            return None
        return Server(
            scheme=parts.scheme,
            host=parts.hostname,
            port=parts.port or usual_port,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )
    except (KeyError, ValueError):
        return None


def _message(
    sender: str, to: Sequence[str], subject: str, text: str, author: Author | None
) -> EmailMessage:
    message = EmailMessage(policy=SMTP)  # refuses line breaks in headers
    message["Subject"] = subject
    message["From"] = _address(sender, author.name if author else "Opsroom")
    message["To"] = [_address(recipient) for recipient in to]
    message["Date"] = localtime()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    if author is None:
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday answers, please
    elif author.reply_to:
        message["Reply-To"] = _address(author.reply_to)
    message.set_content(text)
    return message


def _address(address: str, name: str = "") -> Address:
    user, _at, domain = address.rpartition("@")
    return Address(name, user, domain)
