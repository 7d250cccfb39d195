"""What changes on open pages when somebody punches."""

from flask import render_template

from app.attendance import services
from app.attendance.events import AttendanceChanged, CaptureChanged, PunchRecorded
from app.attendance.screens_live import greet, show_who_is_in
from app.core.events import Fragment

TOPIC = "attendance"
CAPTURES = "captures"
MY_TIME = "my-time"


def show_punch(event: PunchRecorded) -> list[Fragment]:
    """Lists of punches and of who is there fetch themselves anew; so do kiosks."""
    html = render_template("attendance/_live.html")
    found = [Fragment(TOPIC, html), Fragment(f"{TOPIC}:{event.device_id}", html)]
    user_id = services.user_of(event.employee_id)
    if user_id is not None:  # nobody else hears when somebody comes and goes
        found.append(Fragment(f"user:{user_id}", html))
    return [*found, *greet(event)]


def show_attendance(_event: AttendanceChanged) -> list[Fragment]:
    """Sessions are others than before."""
    html = render_template("attendance/_live.html")
    return [Fragment(TOPIC, html), Fragment(MY_TIME, html), show_who_is_in()]


def show_capture(event: CaptureChanged) -> list[Fragment]:
    """The page that waits for a card fetches itself anew."""
    html = render_template("attendance/_live.html")
    return [Fragment(f"{CAPTURES}:{event.capture_id}", html)]
