"""E-mail, sent to a real server."""

import logging
import smtplib
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask

from app.core import mail
from app.core.mail import Attachment, Author, MailMisconfigured, public_url, send_mail
from app.core.settings import set_settings
from app.core.settings.services import UnfitSettings
from tests.conftest import SignIn
from tests.mailbox import Mailbox, sealed

PASSWORD = "hush/hush@home"  # noqa: S105
LOGIN = "ops%40example.com:hush%2Fhush%40home"


@pytest.fixture
def mailbox(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with Mailbox() as mailbox:
        monkeypatch.setitem(app.config, "SMTP_URL", mailbox.url)
        yield mailbox


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A certificate of localhost that this test trusts."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    alternative = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(alternative, critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path = tmp_path / "localhost.pem"
    path.write_bytes(key.private_bytes(pem, form, plain) + signed.public_bytes(pem))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return str(path)


def send(*to: str, subject: str = "Hello") -> bool:
    return send_mail(to=to or ["ana@example.com"], subject=subject, text="Grüße\n")


def test_a_mail_arrives_as_it_was_written(mailbox: Mailbox) -> None:
    assert send("ana@example.com", "bo@example.com", subject="[Müller & Söhne] Überfällig ☕")

    [(recipients, message)] = mailbox.mails
    assert recipients == ["ana@example.com", "bo@example.com"]
    assert message["Subject"] == "[Müller & Söhne] Überfällig ☕"
    assert message["To"] == "ana@example.com, bo@example.com"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().strip() == "Grüße"


def test_a_mail_that_somebody_writes_says_so_and_takes_answers_and_files(
    mailbox: Mailbox,
) -> None:
    author = Author("Kontor, Söhne", "ana@example.com")
    file = Attachment("Größe.pdf", b"%PDF-1.7\n\x00\xff", "application/pdf")

    send_mail(to=["bo@example.com"], subject="Hi", text="x", author=author, attachments=[file])

    [(_recipients, message)] = mailbox.mails
    assert message["From"].addresses[0].display_name == "Kontor, Söhne"
    assert (message["Reply-To"], message["Auto-Submitted"]) == ("ana@example.com", None)
    (part,) = message.iter_attachments()
    assert isinstance(part, EmailMessage)
    assert (part.get_filename(), part.get_content_type()) == ("Größe.pdf", "application/pdf")
    assert part.get_content() == file.content


def test_without_a_server_nothing_is_sent_and_one_line_says_so(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(app.config, "SMTP_URL", None)

    with caplog.at_level(logging.INFO, "app.core.mail"):
        assert send() is False

    assert [(line.levelname, line.message) for line in caplog.records] == [
        ("INFO", "Not sent, because SMTP_URL is not set: 'Hello'")
    ]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_nobody_can_add_a_header(mailbox: Mailbox, ending: str) -> None:
    added = f"{ending}Bcc: eve@example.com"

    with pytest.raises(ValueError, match=r"CR|linefeed"):
        send(subject=f"Hello{added}")
    with pytest.raises(ValueError, match=r"CR|linefeed"):
        send(f"ana@example.com{added}")

    assert mailbox.mails == []


def test_a_comma_in_an_address_makes_no_second_one(mailbox: Mailbox) -> None:
    send("ana,eve@example.com")

    assert mailbox.mails[0][1]["To"].addresses[0].addr_spec == '"ana,eve"@example.com'


def test_who_it_comes_from_is_set_or_fits_what_is_known(
    app: Flask, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "box")
    send()
    monkeypatch.setitem(app.config, "PUBLIC_URL", "https://ops.example.com:8443/")
    send()
    set_settings(mail_from="hello@example.com")
    send()

    assert [str(message["From"].addresses[0].addr_spec) for _to, message in mailbox.mails] == [
        "opsroom@box",
        "opsroom@ops.example.com",
        "hello@example.com",
    ]


def test_the_sender_is_an_address_or_left_empty(sign_in: SignIn) -> None:
    set_settings(mail_from="hello@example.com")
    set_settings(mail_from="")
    for wrong in ("hello", "a@b\nBcc: c@d", "Ana <a@example.com>", "a@b, c@d", "ü@example.com"):
        with pytest.raises(UnfitSettings):
            set_settings(mail_from=wrong)

    assert 'name="mail_from"' in sign_in("settings.edit").get("/settings").text


def test_a_path_can_be_followed_where_the_address_is_known(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert public_url("/alerts") == "/alerts"

    monkeypatch.setitem(app.config, "PUBLIC_URL", "https://ops.example.com/")

    assert public_url("/alerts") == "https://ops.example.com/alerts"


def test_starttls_signs_in_over_a_sealed_connection(
    app: Flask, monkeypatch: pytest.MonkeyPatch, certificate: str
) -> None:
    with Mailbox(tls_context=sealed(certificate), require_starttls=True) as mailbox:
        mailbox.password = PASSWORD
        url = f"smtp+starttls://{LOGIN}@localhost:{mailbox.port}"
        monkeypatch.setitem(app.config, "SMTP_URL", url)
        send()

    assert mailbox.logins == [("ops@example.com", PASSWORD)]
    assert mailbox.mails[0][1]["From"].addresses[0].addr_spec == "ops@example.com"


def test_smtps_is_sealed_from_the_first_word(
    app: Flask, monkeypatch: pytest.MonkeyPatch, certificate: str
) -> None:
    with Mailbox(ssl_context=sealed(certificate), auth_require_tls=False) as mailbox:
        mailbox.password = PASSWORD
        monkeypatch.setitem(app.config, "SMTP_URL", f"smtps://{LOGIN}@localhost:{mailbox.port}")
        send()

    assert mailbox.logins == [("ops@example.com", PASSWORD)]
    assert len(mailbox.mails) == 1


def test_a_password_never_goes_to_a_server_that_cannot_seal(
    app: Flask, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"smtp+starttls://{LOGIN}@localhost:{mailbox.port}"
    monkeypatch.setitem(app.config, "SMTP_URL", url)

    with pytest.raises(smtplib.SMTPNotSupportedError):
        send()

    assert (mailbox.logins, mailbox.mails) == ([], [])


def test_a_certificate_that_nobody_trusts_is_refused(
    app: Flask, monkeypatch: pytest.MonkeyPatch, certificate: str
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with Mailbox(tls_context=sealed(certificate)) as mailbox:
        url = f"smtp+starttls://{LOGIN}@localhost:{mailbox.port}"
        monkeypatch.setitem(app.config, "SMTP_URL", url)
        with pytest.raises(ssl.SSLCertVerificationError):
            send()

    assert mailbox.logins == []


def test_a_refused_password_is_not_told(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with Mailbox(auth_require_tls=False) as mailbox:
        url = f"smtp://{LOGIN}@localhost:{mailbox.port}"
        monkeypatch.setitem(app.config, "SMTP_URL", url)
        with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
            send()

    ours = [line.getMessage() for line in caplog.records if line.name.startswith("app")]
    assert "hush" not in f"{refused.value!r} {mail.mail_server()!r} {ours}"


@pytest.mark.parametrize(
    "url",
    [
        "smtps://me:hush/hush@localhost",
        "smtps://me:12/hush@localhost",
        "smtps://me:12#hush@localhost",
        "smtps://me:12?hush@localhost",
        "smtps://me:[hush@localhost",
        "smtp://me:hush@localhost:many",
        "smtp://me:hush%C3%BC@localhost",
        "smtp://me:hush@",
        "http://me:hush@localhost:25",
        "hush",
    ],
)
def test_a_url_that_is_not_understood_is_not_told(
    app: Flask, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setitem(app.config, "SMTP_URL", url)

    with pytest.raises(MailMisconfigured) as refused:
        send()

    assert "hush" not in str(refused.value)
    assert refused.value.__context__ is None


def test_one_address_that_is_refused_does_not_keep_the_others_from_hearing(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Mailbox(refuses="gone@example.com") as mailbox:
        monkeypatch.setitem(app.config, "SMTP_URL", mailbox.url)
        assert send("gone@example.com", "ana@example.com")
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            send("gone@example.com")

    assert [recipients for recipients, _message in mailbox.mails] == [["ana@example.com"]]


def test_a_server_that_says_nothing_is_left(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setitem(app.config, "SMTP_URL", url)
        with pytest.raises(smtplib.SMTPServerDisconnected):
            send()


def test_nobody_to_write_to_is_no_mail(mailbox: Mailbox) -> None:
    assert send_mail(to=[], subject="Hello", text="") is False
    assert mailbox.mails == []
