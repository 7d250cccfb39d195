"""Cards become somebody's: presented at a reader, found among unknown ones, or typed.

One card is one person's at a time. It counts from when it was nobody else's: what somebody
punched with it before it was assigned is theirs then.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.errors import CredentialTaken, NotAllowed
from app.attendance.events import CaptureChanged
from app.attendance.models import Capture, Credential, Employee, Punch, Reader
from app.attendance.reckoning.credentials import CARD, card_number, hash_card
from app.attendance.services.deriving import derive_punches, rederive
from app.attendance.services.keys import credential_key
from app.core.db import locked, transaction
from app.core.errors import Invalid
from app.core.events import publish
from app.core.texts import parse_line

WAITS = timedelta(seconds=60)
OVERLAP = "23P01"  # exclusion_violation: PostgreSQL, appendix A


def start_capture(reader_id: int, *, employee_id: int | None = None, name: str = "") -> Capture:
    """Wait for a card at a reader: the next one there is enrolled, and does not count.

    Whoever waited there before waits no more.
    """
    now = datetime.now(UTC)
    with transaction() as session:
        reader = session.scalars(queries.reader(reader_id)).one()
        session.scalars(locked(select(Reader).where(Reader.id == reader_id), Reader)).one()
        before = update(Capture).where(
            Capture.reader_id == reader.id, Capture.state == "waiting"
        )
        session.execute(before.values(state="cancelled"))
        capture = Capture(
            reader_id=reader.id,
            employee_id=employee_id,
            kind=CARD,
            name=parse_line(name),
            created_at=now,
            expires_at=now + WAITS,
        )
        session.add(capture)
    return capture


def cancel_capture(capture_id: int) -> Capture:
    """Wait no more; a card that was captured stays so.

    Raises:
        NotAllowed: It does not wait.
    """
    with transaction() as session:
        found = select(Capture).where(Capture.id == capture_id)
        capture = session.scalars(locked(found, Capture)).one()
        if capture.state != "waiting":
            raise NotAllowed("Nobody waits for this card any more.")
        capture.state = "cancelled"
        publish(CaptureChanged(capture_id=capture_id))
    return capture


def assign_capture(session: Session, capture_id: int) -> None:
    """Give a captured card to whom it was presented for; what refuses that is said there."""
    capture = session.scalars(
        select(Capture)
        .where(Capture.id == capture_id)
        .execution_options(populate_existing=True)
    ).one()
    if capture.employee_id is None:
        return
    try:
        _assign(session, capture.employee_id, capture.credential_hash, capture.name)
    except CredentialTaken as error:
        capture.message = str(error)


def assign_captured(capture_id: int, *, employee_id: int, name: str = "") -> Credential:
    """Give a card that was presented without saying for whom to somebody.

    Raises:
        NotAllowed: No card was presented.
        CredentialTaken: It is somebody's already.
    """
    with transaction() as session:
        capture = session.scalars(select(Capture).where(Capture.id == capture_id)).one()
        if not capture.credential_hash:
            raise NotAllowed("No card was presented at this reader yet.")
        return _assign(session, employee_id, capture.credential_hash, name)


def assign_unknown(punch_id: int, *, employee_id: int, name: str = "") -> Credential:
    """Give the card of an unknown punch to somebody; it counts from then back.

    Raises:
        CredentialTaken: It is somebody's already.
        NotAllowed: The punch was made without a card.
    """
    with transaction() as session:
        punch = session.scalars(select(Punch).where(Punch.id == punch_id)).one()
        if punch.kind != CARD:
            raise NotAllowed("This punch was made without a card.")
        return _assign(session, employee_id, punch.credential_hash, name)


def assign_card(number: str, *, employee_id: int, name: str = "") -> Credential:
    """Give a card to somebody by the number that is printed on it.

    Raises:
        Invalid: It is no number of a card.
        CredentialTaken: It is somebody's already.
    """
    try:
        read = card_number(number)
    except ValueError as error:
        raise Invalid("card", str(error)) from error
    with transaction() as session:
        return _assign(session, employee_id, hash_card(credential_key(session), read), name)


def end_credential(
    credential_id: int, *, reason: str, at: datetime | None = None
) -> Credential:
    """Let a card count no more, from now or from when it was lost.

    Raises:
        NotAllowed: It has ended already, or not begun by then.
    """
    with transaction() as session:
        found = queries.credential(credential_id)
        credential = session.scalars(locked(found, Credential)).one()
        end = min(at or datetime.now(UTC), datetime.now(UTC))
        if credential.valid_until is not None:
            raise NotAllowed(f"{credential} has ended already.")
        if end <= credential.valid_from:
            raise NotAllowed(f"{credential} was not valid yet by then.")
        credential.revise(version=None, valid_until=end, end_reason=reason)
        session.flush()
        _rule_anew(session, credential, end)
    return credential


def _assign(session: Session, employee_id: int, credential_hash: str, name: str) -> Credential:
    if session.scalar(select(Employee.id).where(Employee.id == employee_id)) is None:
        raise Invalid("employee_id", "There is no such employee.")
    now = datetime.now(UTC)
    if holder := session.scalars(queries.holder(credential_hash)).one_or_none():
        raise CredentialTaken(f"This card is {holder.employee.name}'s already.")
    begin = min(_free_since(session, credential_hash) or now, now)
    credential = Credential(
        employee_id=employee_id,
        kind=CARD,
        name=parse_line(name),
        credential_hash=credential_hash,
        valid_from=begin,
    )
    try:
        with session.begin_nested():
            session.add(credential)
    except IntegrityError as error:
        if getattr(error.orig, "pgcode", None) != OVERLAP:
            raise
        raise CredentialTaken("This card is somebody's already.") from error
    _rule_anew(session, credential, begin)
    return credential


def _free_since(session: Session, credential_hash: str) -> datetime | None:
    """Since when a card is nobody's: the end of its last holder's, or its first punch."""
    ended = session.scalar(
        select(func.max(Credential.valid_until)).where(
            Credential.credential_hash == credential_hash
        )
    )
    first = session.scalar(
        select(func.min(Punch.at)).where(
            Punch.credential_hash == credential_hash, ~Punch.is_unsure
        )
    )
    return ended or first


def _rule_anew(session: Session, credential: Credential, since: datetime) -> None:
    its = select(Punch.id).where(
        Punch.credential_hash == credential.credential_hash, Punch.at >= since
    )
    derive_punches(session, session.scalars(its).all())
    rederive(session, {credential.employee_id: since})


def capture_state(capture: Capture, now: datetime) -> str:
    """Say how it stands: nobody waits longer than a minute."""
    if capture.state == "waiting" and capture.expires_at < now:
        return "expired"
    return capture.state
