"""Swaps of shifts: their list, and the page where one is approved."""

from functools import partial
from typing import Any

from flask import Blueprint, url_for
from sqlalchemy import Select

from app.attendance import queries, services
from app.attendance.forms import AnswerForm
from app.attendance.models import SWAP_STATES, ShiftSwap
from app.attendance.views.requests import swap_text
from app.core.pages import (
    Action,
    Asked,
    Choice,
    Column,
    ListPage,
    Nothing,
    RecordPage,
    Resource,
)

bp = Blueprint("swaps", __name__, url_prefix="/attendance/swaps")

CHANGED = "attendance:changed"


def _swaps(asked: Asked) -> Select[Any]:
    return queries.swaps(state=asked["state"])


SWAPS = ListPage(
    name="shift_swaps",
    title="Swaps of shifts",
    subtitle="People ask each other on My time. What two have agreed on waits for approval.",
    permission="attendance.view",
    query=_swaps,
    key=ShiftSwap.id,
    sort="-day",
    href=lambda one: url_for("swaps.show", swap_id=one.id),
    filters=(
        Choice(name="state", label="State", options=SWAP_STATES, everything="All states"),
    ),
    columns=(
        Column(
            name="who",
            title="Who",
            value="employee.name",
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(name="what", title="What", value=swap_text, place="meta"),
        Column(name="day", title="Day", kind="day", sort=ShiftSwap.day, place="figure"),
        Column(
            name="state",
            title="State",
            kind="badge",
            value=lambda one: SWAP_STATES[one.state],
            place="status",
        ),
    ),
    events=(CHANGED,),
    sockets="attendance",
    above="attendance/_news.html",
    nouns=("swap", "swaps"),
    crumbs=lambda _about: [("Roster", url_for("roster.index"))],
    unmatched=Nothing(
        title="Nothing matches.", advice="Ask for another state.", action="Show all swaps"
    ),
    nothing=Nothing(
        title="Nobody has swapped a shift yet.",
        advice="Whoever is on the roster can ask a colleague on My time.",
        icon="arrows",
    ),
)
SWAP = Resource(
    name="swap",
    area="swaps",
    query=queries.swap,
    rule="/<int:swap_id>",
    keys={"swap_id": "id"},
    event=CHANGED,
)
_verb = partial(
    Action,
    resource=SWAP,
    permission="attendance.approve",
    form=AnswerForm,
    when=lambda one: one.state == "requested",
)
approve = _verb(
    name="create_approval",
    path="/approval",
    title="Approve",
    subtitle="The roster changes for both at once.",
    act=services.approve_swap,
    done="It is approved, and the roster is changed.",
    kind="primary",
    icon="check",
)
reject = _verb(
    name="create_rejection",
    path="/rejection",
    title="Reject",
    act=services.reject_swap,
    done="It is rejected.",
    icon="x",
    is_danger=True,
)
swap_page = RecordPage(
    resource=SWAP,
    permission="attendance.view",
    heading="{0.employee.name}",
    title=lambda one: f"Swap of {one.employee.name}, {one.day}",
    subtitle="Swap of a shift",
    crumbs=lambda _one: [("Swaps", url_for("swaps.index"))],
    buttons=(approve, reject),
    body="attendance/swaps/_swap.html",
    context=lambda _one: {"states": SWAP_STATES},
)

SWAPS.add_to(bp)
swap_page.add_to(bp)
for action in (approve, reject):
    action.add_to(bp)
