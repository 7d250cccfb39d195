"""My time: asking a colleague to take a shift, and answering one who asks."""

from datetime import date
from functools import partial
from typing import Any

from flask import abort, url_for
from flask_login import current_user
from wtforms.fields import SelectChoice

from app.attendance import queries, services
from app.attendance.forms import AcceptanceForm, SwapForm
from app.attendance.models import ShiftSwap
from app.attendance.permissions import OWN
from app.attendance.views.mine import CHANGED, bp, mine
from app.core.pages import Action, Resource

ANYBODY = 0


def _own_swap(swap_id: int) -> Any:
    """Scope swaps to those that the person asking has to do with."""
    employee = mine() or abort(404)
    offered = {one.id for one in services.swaps_offered_to(employee.id)}
    if swap_id in offered:
        return queries.swap(swap_id)
    return queries.swaps(employee_id=employee.id).where(ShiftSwap.id == swap_id)


SWAP = Resource(
    name="swap",
    area="my_time",
    query=_own_swap,
    rule="/swaps/<int:swap_id>",
    keys={"swap_id": "id"},
    event=CHANGED,
    listed_at="show",
)


def _duty_choice(duty: services.Duty) -> SelectChoice:
    words = f"{duty.day:%a %d %b}: {duty.shift.code}, {duty.shift.begins:%H:%M}"
    return SelectChoice(f"{duty.day}/{duty.shift.id}", f"{words} to {duty.shift.ends:%H:%M}")


def _read_duty(text: str) -> tuple[date, int]:
    day, _slash, shift_id = text.partition("/")
    return date.fromisoformat(day), int(shift_id)


def _offer(form: SwapForm, _record: Any) -> None:
    employee = mine() or abort(404)
    form.duty.choices = [_duty_choice(one) for one in services.duties_of(employee.id)]
    colleagues = services.colleagues_for(employee.id)
    form.colleague_id.choices = [
        SelectChoice(ANYBODY, "Everybody who works such shifts"),
        *(SelectChoice(one.id, one.name) for one in colleagues),
    ]


def _offer_return(form: AcceptanceForm, _record: Any) -> None:
    employee = mine() or abort(404)
    duties = [_duty_choice(one) for one in services.duties_of(employee.id)]
    form.duty.choices = [SelectChoice("", "Nothing"), *duties]


def _ask(*, duty: str, colleague_id: int, reason: str) -> ShiftSwap:
    day, shift_id = _read_duty(duty)
    return services.request_my_swap(
        current_user.id,
        day=day,
        shift_id=shift_id,
        colleague_id=None if colleague_id == ANYBODY else colleague_id,
        reason=reason,
    )


def _accept(swap_id: int, *, duty: str) -> ShiftSwap:
    if not duty:
        return services.accept_my_swap(current_user.id, swap_id)
    day, shift_id = _read_duty(duty)
    return services.accept_my_swap(
        current_user.id, swap_id, return_day=day, return_shift_id=shift_id
    )


_verb = partial(
    Action,
    resource=SWAP,
    permission=OWN,
    to=lambda _record: url_for("my_time.show"),
    leaves=True,
)
create_swap = _verb(
    name="create_swap",
    is_new=True,
    title="Give a shift away",
    subtitle="A colleague accepts it, then it is approved; only then the roster changes.",
    submit="Ask",
    form=SwapForm,
    offer=_offer,
    act=_ask,
    done="Asked: it waits for a colleague.",
    icon="arrows",
)
accept_swap = _verb(
    name="create_acceptance",
    path="/acceptance",
    title="Take it",
    subtitle="{0.shift.code} on {0.day}, of {0.employee.name}.",
    form=AcceptanceForm,
    offer=_offer_return,
    act=_accept,
    done="Agreed: it waits for approval.",
    kind="primary",
)
decline_swap = _verb(
    name="create_refusal",
    path="/refusal",
    title="Decline",
    question="Decline this shift?",
    act=lambda swap_id: services.decline_my_swap(current_user.id, swap_id),
    done="It is declined.",
    kind="quiet",
    when=lambda one: one.colleague_id is not None,
)
withdraw_swap = _verb(
    name="delete_swap",
    path="/removal",
    title="Withdraw",
    question="Ask for this no more?",
    act=lambda swap_id: services.withdraw_my_swap(current_user.id, swap_id),
    done="It is withdrawn.",
    kind="quiet",
    when=lambda one: one.state in ("asked", "requested"),
)
for action in (create_swap, accept_swap, decline_swap, withdraw_swap):
    action.add_to(bp)
