"""What changes on open pages when somebody punches."""

from flask import render_template

from app.attendance.events import AttendanceChanged, CaptureChanged, PunchRecorded
from app.attendance.screens_live import greet, show_who_is_in
from app.core.events import Fragment

TOPIC = "attendance"
CAPTURES = "captures"


def show_punch(event: PunchRecorded) -> list[Fragment]:
    """Lists of punches and of who is there fetch themselves anew; so do kiosks."""
    html = render_template("attendance/_live.html")
    return [Fragment(TOPIC, html), Fragment(f"{TOPIC}:{event.device_id}", html), *greet(event)]


def show_attendance(_event: AttendanceChanged) -> list[Fragment]:
    """Sessions are others than before."""
    return [Fragment(TOPIC, render_template("attendance/_live.html")), show_who_is_in()]


def show_capture(event: CaptureChanged) -> list[Fragment]:
    """The page that waits for a card fetches itself anew."""
    html = render_template("attendance/_live.html")
    return [Fragment(f"{CAPTURES}:{event.capture_id}", html)]
