"""What changes on screens at doors when somebody punches."""

from collections.abc import Iterator

from flask import render_template

from app.attendance import services
from app.attendance.events import PunchesRecorded
from app.attendance.screens import ALL, channel_of
from app.core.events import Fragment


def greet(event: PunchesRecorded) -> Iterator[Fragment]:
    """Screens at the place of a punch greet its person.

    Each is drawn once, however many screens there are.
    """
    for punch_id in event.punch_ids:
        greeting = services.greet(punch_id)
        if greeting is None:
            continue
        html = render_template("attendance/kiosk/_greeting.html", greeting=greeting)
        for channel in dict.fromkeys([channel_of(greeting.place), channel_of("")]):
            yield Fragment(channel, html)


def show_who_is_in() -> Fragment:
    """Draw who is in, for all screens."""
    present = services.look_who_is_in()
    return Fragment(ALL, render_template("attendance/kiosk/_present.html", present=present))
