"""The states of an order, and the one table of which may follow which."""

STATUSES = {
    "draft": "Draft",
    "confirmed": "Confirmed",  # nothing of it could be reserved: all on backorder
    "on_hold": "On hold",
    "part_allocated": "Partly allocated",
    "allocated": "Allocated",
    "picking": "Picking",
    "picked": "Picked",
    "short": "Short",
    "packing": "Packing",
    "packed": "Packed",
    "shipped": "Shipped",
    "cancelled": "Cancelled",
}

# Confirmed, and as much of it reserved as the names say: allocating moves between them.
WAITING = ("confirmed", "part_allocated", "allocated")
# Somebody in the warehouse has it in hand.
IN_HAND = ("picking", "picked", "short", "packing", "packed")
# What is still owed to a customer.
OPEN = ("confirmed", "on_hold", "part_allocated", "allocated", *IN_HAND)

_ALLOCATION = frozenset(WAITING)
_ASIDE = frozenset({"on_hold", "cancelled"})

TRANSITIONS: dict[str, frozenset[str]] = {
    "draft": _ALLOCATION | _ASIDE,
    "confirmed": (_ALLOCATION - {"confirmed"}) | _ASIDE,
    "part_allocated": (_ALLOCATION - {"part_allocated"}) | _ASIDE | {"picking", "shipped"},
    "allocated": (_ALLOCATION - {"allocated"}) | _ASIDE | {"picking", "shipped"},
    # Back to where it was: what it has reserved says which of them that is.
    "on_hold": _ALLOCATION | {"draft", "shipped", "cancelled"},
    # A claim that is given up leaves it as it was; what lies in totes stays reserved.
    "picking": _ALLOCATION | _ASIDE | {"picked", "short"},
    # A part that is shipped leaves the rest waiting, here and below.
    "picked": _ALLOCATION | _ASIDE | {"picking", "packing", "shipped"},
    "short": _ALLOCATION | _ASIDE | {"picking", "picked", "packing", "shipped"},
    "packing": _ASIDE | {"picked", "short", "packed"},
    "packed": _ALLOCATION | _ASIDE | {"packing", "shipped"},
    "shipped": frozenset(),
    "cancelled": frozenset(),
}
