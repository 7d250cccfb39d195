"""What changes on open pages when somebody punches."""

from collections.abc import Iterator

from flask import render_template

from app.attendance import services
from app.attendance.events import AttendanceChanged, CaptureChanged, PunchesRecorded
from app.attendance.screens_live import greet, show_who_is_in
from app.core.events import Fragment

TOPIC = "attendance"
CAPTURES = "captures"
MY_TIME = "my-time"


def show_punches(event: PunchesRecorded) -> Iterator[Fragment]:
    """Whoever stands at a door is greeted first; then lists fetch themselves anew."""
    yield from greet(event)
    html = render_template("attendance/_live.html")
    yield Fragment(TOPIC, html)
    yield Fragment(f"{TOPIC}:{event.device_id}", html)
    for user_id in services.users_of(event.punch_ids):  # others do not hear who comes and goes
        yield Fragment(f"user:{user_id}", html)
    yield show_who_is_in()


def show_attendance(_event: AttendanceChanged) -> list[Fragment]:
    """Sessions are others than before."""
    html = render_template("attendance/_live.html")
    return [Fragment(TOPIC, html), Fragment(MY_TIME, html), show_who_is_in()]


def show_capture(event: CaptureChanged) -> list[Fragment]:
    """The page that waits for a card fetches itself anew."""
    html = render_template("attendance/_live.html")
    return [Fragment(f"{CAPTURES}:{event.capture_id}", html)]
