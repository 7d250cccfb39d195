"""PINs: set, taken away, and punched with at a kiosk, where nobody can try them all."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, delete, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import hasher, nobodys_hash
from app.attendance import queries
from app.attendance.errors import NotAllowed, TooManyPins, WrongPin
from app.attendance.models import Device, Employee, EmployeePin, PinFailure, Punch
from app.attendance.services.punching import punch_by_hand
from app.core.codes import normal_code
from app.core.db import locked, transaction
from app.core.errors import Invalid

SHORTEST, LONGEST = 4, 8
WINDOW = timedelta(minutes=10)
# So many wrong ones within the window: of one person anywhere, at one device of anybody.
PER_PERSON, PER_DEVICE = 5, 20
EASY = {"1234", "12345", "123456", "1234567", "12345678", "4321", "2580"}


def set_pin(employee_id: int, *, pin: str) -> EmployeePin:
    """Give somebody a PIN, in place of the one before.

    Raises:
        Invalid: It is too short, too long, no number, or the first that anybody would try.
    """
    if not (pin.isascii() and pin.isdecimal() and SHORTEST <= len(pin) <= LONGEST):
        raise Invalid("pin", f"{SHORTEST} to {LONGEST} digits.")
    if pin in EASY or len(set(pin)) == 1:
        raise Invalid("pin", "This is the first that anybody would try.")
    with transaction() as session:
        session.scalars(locked(queries.employee(employee_id), Employee)).one()
        kept = session.scalars(_pin_of(employee_id)).one_or_none()
        if kept is None:
            kept = EmployeePin(employee_id=employee_id)
            session.add(kept)
        kept.pin_hash = hasher.hash(pin)
    return kept


def has_pin(employee_id: int) -> bool:
    """Tell whether somebody has a PIN."""
    with transaction() as session:
        return session.scalars(_pin_of(employee_id)).one_or_none() is not None


def delete_pin(employee_id: int) -> None:
    """Take somebody's PIN away."""
    with transaction() as session:
        session.execute(delete(EmployeePin).where(EmployeePin.employee_id == employee_id))


def punch_with_pin(device: Device, *, number: str, pin: str, intent: str = "") -> Punch:
    """Punch at a kiosk by employee number and PIN.

    Raises:
        WrongPin: They do not belong together. It does not say which is wrong.
        TooManyPins: There were too many wrong ones, of this person or at this device.
        NotAllowed: The person is not employed today.
    """
    with transaction() as session:
        _refuse_too_many(session, device, number)
        employee = _employee(session, number)
        kept = session.scalars(_pin_of(employee.id)).one_or_none() if employee else None
        tried = kept or EmployeePin(pin_hash=nobodys_hash())
        is_right = tried.fits(pin) and kept is not None
        if is_right and employee is not None:
            if not employee.is_employed_on(employee.today):
                raise NotAllowed("You are not employed today.")
            return punch_by_hand(session, device, employee.id, kind="pin", intent=intent)
    _note_failure(device, number)
    raise WrongPin("This number and this PIN do not belong together.")


def _note_failure(device: Device, number: str) -> None:
    """Count it in a unit of work of its own: what it is refused with must not undo it."""
    with transaction() as session:
        session.add(PinFailure(device_id=device.id, number=normal_code(number)))


def _refuse_too_many(session: Session, device: Device, number: str) -> None:
    since = datetime.now(UTC) - WINDOW
    is_its = or_(PinFailure.device_id == device.id, PinFailure.number == normal_code(number))
    row = session.execute(
        select(
            func.count().filter(PinFailure.device_id == device.id),
            func.count().filter(PinFailure.number == normal_code(number)),
            func.min(PinFailure.created_at),
        ).where(PinFailure.created_at > since, is_its)
    ).one()
    if row[0] >= PER_DEVICE or row[1] >= PER_PERSON:
        wait = (row[2] + WINDOW - datetime.now(UTC)).total_seconds()
        raise TooManyPins(max(1, round(wait)))


def _employee(session: Session, number: str) -> Employee | None:
    is_number = func.normal_code(Employee.number) == func.normal_code(number)
    return session.scalars(select(Employee).where(is_number)).one_or_none()


def _pin_of(employee_id: int) -> Select[EmployeePin]:
    return select(EmployeePin).where(EmployeePin.employee_id == employee_id)
