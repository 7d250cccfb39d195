"""The states of a purchase order, and the one table of which may follow which."""

from app.documents.models import State, States

_PROGRESS = ("part_received", "received")

STATES = States(
    draft=State("Draft", then=("approved", "cancelled")),
    # Changed again, it has to be approved again.
    approved=State("Approved", "info", then=("draft", "sent", "cancelled")),
    # The vendor has it: from here on it counts as incoming.
    sent=State(
        "Sent", "info", is_open=True, then=("draft", "confirmed", *_PROGRESS, "cancelled")
    ),
    confirmed=State(
        "Confirmed", "info", is_open=True, then=("draft", "sent", *_PROGRESS, "cancelled")
    ),
    # An undone receipt may leave nothing of it received.
    part_received=State(
        "Partly received", "low", is_open=True, then=("sent", "confirmed", "received")
    ),
    # Each line has come, or was closed short.
    received=State("Received", "ok", then=("sent", "confirmed", "part_received")),
    cancelled=State("Cancelled"),
)
STATUSES = STATES.labels
OPEN = STATES.open  # the vendor owes something: what is open of them is incoming
NOT_SENT = ("draft", "approved")
