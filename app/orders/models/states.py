"""The states of an order, and the one table of which may follow which."""

from app.documents.models import State, States

# Confirmed, and as much of it reserved as the names say: allocating moves between them.
WAITING = ("confirmed", "part_allocated", "allocated")
# Somebody in the warehouse has it in hand.
IN_HAND = ("picking", "picked", "short", "packing", "packed")

_ASIDE = ("on_hold", "cancelled")
_SET_BACK = (*WAITING, *_ASIDE)

STATES = States(
    draft=State("Draft", then=_SET_BACK),
    # Nothing of it could be reserved: all on backorder, or a vendor delivers it.
    confirmed=State("Confirmed", "low", is_open=True, then=(*_SET_BACK, "shipped")),
    # Back to where it was: what it has reserved says which of them that is.
    on_hold=State(
        "On hold", "out", is_open=True, then=(*WAITING, "draft", "shipped", "cancelled")
    ),
    part_allocated=State(
        "Partly allocated", "low", is_open=True, then=(*_SET_BACK, "picking", "shipped")
    ),
    allocated=State("Allocated", "info", is_open=True, then=(*_SET_BACK, "picking", "shipped")),
    # A claim that is given up leaves it as it was; what lies in totes stays reserved.
    picking=State("Picking", "info", is_open=True, then=(*_SET_BACK, "picked", "short")),
    # A part that is shipped leaves the rest waiting, here and below.
    picked=State(
        "Picked", "info", is_open=True, then=(*_SET_BACK, "picking", "packing", "shipped")
    ),
    short=State(
        "Short",
        "out",
        is_open=True,
        then=(*_SET_BACK, "picking", "picked", "packing", "shipped"),
    ),
    packing=State("Packing", "info", is_open=True, then=(*_ASIDE, "picked", "short", "packed")),
    packed=State("Packed", "info", is_open=True, then=(*_SET_BACK, "packing", "shipped")),
    # Undone by hand, when it never left: see `services.undoing`.
    shipped=State("Shipped", "ok", then=WAITING),
    cancelled=State("Cancelled"),
)
STATUSES = STATES.labels
TRANSITIONS = STATES.transitions
OPEN = STATES.open  # what is still owed to a customer
