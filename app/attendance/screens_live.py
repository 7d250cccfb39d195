"""What changes on screens at doors when somebody punches."""

from flask import render_template

from app.attendance import services
from app.attendance.events import PunchRecorded
from app.attendance.screens import ALL, channel_of
from app.core.events import Fragment


def greet(event: PunchRecorded) -> list[Fragment]:
    """Screens at the place of a punch greet its person, and all show who is in.

    Each is drawn once, however many screens there are.
    """
    greeting = services.greet(event.punch_id)
    if greeting is None:
        return []
    html = render_template("attendance/kiosk/_greeting.html", greeting=greeting)
    channels = dict.fromkeys([channel_of(greeting.place), channel_of("")])
    return [*(Fragment(one, html) for one in channels), show_who_is_in()]


def show_who_is_in() -> Fragment:
    """Draw who is in, for all screens."""
    present = services.look_who_is_in()
    return Fragment(ALL, render_template("attendance/kiosk/_present.html", present=present))
