"""What somebody punches with: cards presented at a reader, live; lost and given back ones."""

from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, url_for
from werkzeug import Response

from app.attendance import queries, services
from app.attendance.forms import CaptureForm, ConsentForm, EndForm, FingerForm, PinForm
from app.attendance.models import Capture, Credential, Employee
from app.core.db import db
from app.core.pages import Action, Resource
from app.core.permissions import requires
from app.core.web import one_or_404, render

bp = Blueprint("enrolment", __name__, url_prefix="/attendance/enrolment")

CHANGED = "credential:changed"
EMPLOYEE = Resource(
    name="employee",
    area="enrolment",
    query=queries.employee,
    rule="/<int:employee_id>",
    keys={"employee_id": "id"},
    event=CHANGED,
)
CREDENTIAL = Resource(
    name="credential",
    area="enrolment",
    query=queries.credential,
    rule="/credentials/<int:credential_id>",
    keys={"credential_id": "id"},
    event=CHANGED,
)
CAPTURE = Resource(
    name="capture",
    area="enrolment",
    query=queries.capture,
    rule="/captures/<int:capture_id>",
    keys={"capture_id": "id"},
    event=CHANGED,
    shown_at="show_capture",
)


@bp.get("/<int:employee_id>")
@requires("attendance.enrol")
def show(employee_id: int) -> Response:
    """Show what somebody punches with."""
    employee = one_or_404(queries.employee(employee_id))
    return render(
        "attendance/enrolment/show.html",
        fragment="record",
        employee=employee,
        credentials=db.session.scalars(queries.credentials(employee_id)).all(),
        create_capture=create_capture,
        besides=BESIDES,
        end=end,
        here=url_for(".show", employee_id=employee_id),
    )


@bp.get("/captures/<int:capture_id>")
@requires("attendance.enrol")
def show_capture(capture_id: int) -> Response:
    """Wait for a card; the page hears when it was presented."""
    capture = one_or_404(queries.capture(capture_id))
    return render(
        "attendance/enrolment/capture.html",
        fragment="record",
        capture=capture,
        state=services.capture_state(capture, datetime.now(UTC)),
        cancel=cancel,
        here=url_for(".show_capture", capture_id=capture_id),
    )


def _offer_readers(form: CaptureForm, _employee: Employee) -> None:
    found = db.session.scalars(queries.readers())
    form.reader_id.choices = [(one.id, f"{one.device.name}: {one.name}") for one in found]


def _offer_sensors(form: FingerForm, _employee: Employee) -> None:
    form.reader_id.choices = [
        (one.id, f"{one.device.name}: {one.name}")
        for one in services.readers_in_use()
        if one.takes_fingers
    ]


def _learn(employee_id: int, *, reader_id: int) -> Capture:
    return services.start_finger(reader_id, employee_id=employee_id)


def _capture(employee_id: int, *, reader_id: int, name: str) -> Capture:
    return services.start_capture(reader_id, employee_id=employee_id, name=name)


def _end(credential_id: int, *, reason: str, at: datetime | None) -> Credential:
    credential = one_or_404(queries.credential(credential_id))
    zone = ZoneInfo(credential.employee.time_zone)
    moment = at.replace(tzinfo=zone) if at else None
    return services.end_credential(credential_id, reason=reason, at=moment)


def _of_employee(record: Any) -> str:
    return url_for("enrolment.show", employee_id=record.employee_id)


create_capture = Action(
    resource=EMPLOYEE,
    name="create_capture",
    path="/captures",
    permission="attendance.enrol",
    title="Present a card",
    subtitle="Choose a reader; the next card there is {0.name}'s.",
    submit="Wait for the card",
    form=CaptureForm,
    offer=_offer_readers,
    act=_capture,
    done="Present the card now.",
    to=lambda record: (
        CAPTURE.href(record) if isinstance(record, Capture) else EMPLOYEE.href(record)
    ),
    leads_on=True,
    leaves=True,
    kind="primary",
    icon="key",
)
cancel = Action(
    resource=CAPTURE,
    name="delete_capture",
    path="/cancellation",
    permission="attendance.enrol",
    title="Wait no more",
    act=services.cancel_capture,
    done="Nobody waits any more.",
    when=lambda capture: capture.state == "waiting",
)
end = Action(
    resource=CREDENTIAL,
    name="create_end",
    path="/end",
    permission="attendance.enrol",
    title="Lost or given back",
    heading="End {0}",
    submit="End it",
    form=EndForm,
    act=_end,
    done="It counts no more.",
    to=_of_employee,
    is_danger=True,
    when=lambda credential: credential.valid_until is None,
)
_verb = partial(Action, resource=EMPLOYEE, permission="attendance.enrol")
create_pin = _verb(
    name="create_pin",
    path="/pins",
    title="Set a PIN",
    subtitle="For kiosks, with the employee number. The one before ends.",
    submit="Set",
    form=PinForm,
    act=services.set_pin,
    done="The PIN is set.",
    icon="lock",
)
delete_pin = _verb(
    name="delete_pin",
    path="/pin-removal",
    title="Take the PIN away",
    question="Take the PIN of {0.name} away?",
    act=services.delete_pin,
    done="The PIN is taken away.",
    when=lambda employee: services.has_pin(employee.id),
)
create_consent = _verb(
    name="create_consent",
    path="/consents",
    title="Write down a consent",
    subtitle="To a fingerprint. The template stays in the sensor; a card always works, too.",
    submit="Write down",
    form=ConsentForm,
    act=services.give_consent,
    done="The consent is written down.",
    icon="edit",
    when=lambda employee: services.may_consent(employee.id),
)
delete_consent = _verb(
    name="delete_consent",
    path="/consent-withdrawal",
    title="Withdraw the consent",
    question="Withdraw it? Fingers of {0.name} count no more, and sensors are told to forget.",
    act=services.withdraw_consent,
    done="The consent is withdrawn.",
    when=lambda employee: services.has_consent(employee.id),
)
create_finger = _verb(
    name="create_finger",
    path="/fingers",
    title="Learn a finger",
    submit="Wait for the finger",
    form=FingerForm,
    offer=_offer_sensors,
    act=_learn,
    done="The reader asks for the finger within half a minute.",
    to=lambda record: (
        CAPTURE.href(record) if isinstance(record, Capture) else EMPLOYEE.href(record)
    ),
    leads_on=True,
    leaves=True,
    when=lambda employee: services.has_consent(employee.id),
)
BESIDES = (create_pin, delete_pin, create_consent, create_finger, delete_consent)
for action in (create_capture, cancel, end, *BESIDES):
    action.add_to(bp)
