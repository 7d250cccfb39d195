"""Cycles: the list, the page that tracks who is how far, and all that is done with one."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from itertools import chain
from typing import Any

from flask import Blueprint, abort, url_for
from flask_login import current_user
from sqlalchemy import Select

from app.accounts.myself import myself
from app.core.db import db
from app.core.pages import (
    Action,
    Asked,
    Column,
    Link,
    ListPage,
    Menu,
    Nothing,
    RecordLink,
    RecordPage,
    Resource,
    Segments,
)
from app.core.permissions import may
from app.planning import queries, services
from app.planning.access import MANAGE, mine, own_only
from app.planning.forms import (
    AdjustForm,
    ChangedCycleForm,
    CycleForm,
    FillForm,
    OpenCycleForm,
    ReminderForm,
    ScenarioForm,
)
from app.planning.jobs import make_baselines
from app.planning.models import CYCLE_STATUSES, SUBMISSION_STATUSES, Adjustment, Cycle, Scenario
from app.planning.services.freezing import totals_of
from app.planning.views import adjustments, submissions

bp = Blueprint("cycles", __name__, url_prefix="/planning/cycles")

TONES = {"draft": "", "open": "ok", "closed": "low"}
ADJUSTED = 100  # on the page of a cycle
HANDED_IN = ("submitted", "approved")

NEW = Link(
    label="New cycle",
    endpoint="cycles.new",
    permission=MANAGE,
    kind="primary",
    icon="plus",
)
ACCURACY = Link(
    label="Accuracy",
    endpoint="forecast_accuracy.index",
    permission="forecasts.view",
    kind="quiet",
)


def _cycles(asked: Asked) -> Select[Any]:
    return queries.cycles(status=asked["status"], rep_id=own_only())


def _handed_in(cycle: Cycle) -> str:
    done = sum(one.status in HANDED_IN for one in cycle.submissions)
    return f"{done} of {len(cycle.submissions)}"


def _mine(cycle: Cycle) -> str:
    own = mine(cycle)
    return SUBMISSION_STATUSES[own.status] if own else "—"


CYCLES = ListPage(
    name="cycles",
    title="Forecasts",
    subtitle="Rounds of planning: reps say month by month what they will sell.",
    permission="forecasts.view",
    query=_cycles,
    key=Cycle.id,
    sort="-month",
    href=lambda cycle: url_for("cycles.show", cycle_id=cycle.id),
    filters=(Segments(name="status", label="State", options=CYCLE_STATUSES),),
    columns=(
        Column(
            name="month",
            title="First month",
            value=str,
            sort=Cycle.month,
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="status",
            title="State",
            kind="cell",
            value=lambda cycle: CYCLE_STATUSES[cycle.status],
            cell="planning/_cells.html:cycle_state",
            place="status",
        ),
        Column(name="due_on", title="Due", kind="day", value="due_on", place="meta"),
        Column(name="months", title="Months", kind="number"),
        Column(name="handed_in", title="Handed in", value=_handed_in),
        Column(name="mine", title="Mine", value=_mine),
    ),
    links=(ACCURACY, NEW),
    events=("cycles:changed",),
    nouns=("cycle", "cycles"),
    unmatched=Nothing(
        title="Nothing matches.", advice="Try another state.", action="Show all cycles"
    ),
    nothing=Nothing(
        title="No cycles yet.",
        advice="A planner begins one: then those who take part find it here.",
        link=NEW,
        icon="chart",
    ),
)
CYCLES.add_to(bp)


def _cycle(cycle_id: int) -> Select[Any]:
    """Give a cycle that the person asking may see."""
    found = queries.cycles(rep_id=own_only())
    return found.where(Cycle.id == cycle_id)


CYCLE = Resource(
    name="cycle",
    area="cycles",
    query=_cycle,
    rule="/<int:cycle_id>",
    keys={"cycle_id": "id"},
    event="cycles:changed",
)


def opened(cycle_id: int) -> Cycle:
    """Give a cycle that has a grid; 404 where there is none yet."""
    cycle: Cycle = CYCLE.find(cycle_id)
    if cycle.is_draft:
        abort(404)
    return cycle


_verb = partial(Action, resource=CYCLE, permission=MANAGE)


def _begin(form: CycleForm, _none: None) -> None:
    proposed = services.propose_cycle()
    for name in ("month", "months", "due_on", "threshold", "rep_ids"):
        form[name].data = getattr(proposed, name)
    form.copies.data = proposed.before is not None


def _show_reps(form: ChangedCycleForm, cycle: Cycle) -> None:
    form.rep_ids.data = [one.user_id for one in cycle.submissions]


def _offer_reps(form: FillForm, cycle: Cycle) -> None:
    form.offer_reps(cycle)


def _offer_levels(form: AdjustForm, cycle: Cycle) -> None:
    form.offer(cycle)


def _form_of(cycle: Cycle) -> CycleForm | OpenCycleForm:
    """Make the form of what can still be changed."""
    if not cycle.is_draft:
        return OpenCycleForm(obj=cycle)
    form = ChangedCycleForm(obj=cycle)
    if not form.is_submitted():
        _show_reps(form, cycle)
    return form


create = _verb(
    name="create",
    is_new=True,
    title="New cycle",
    submit="Make the cycle",
    form=CycleForm,
    fill=_begin,
    act=services.create_cycle,
    done="The cycle of {0} is made. Fill its matrix, then open it.",
    leads_on=True,
    leaves=True,
    is_page=True,
)
update = _verb(
    name="update",
    title="Edit",
    heading="Edit the cycle of {0}",
    make=_form_of,
    form=OpenCycleForm,
    act=services.update_cycle,
    done="The cycle is saved.",
    icon="edit",
    when=lambda cycle: cycle.status != "closed",
)
delete = _verb(
    name="delete",
    path="/delete",
    title="Delete",
    question="Delete the cycle of {0} with its matrix?",
    act=services.delete_cycle,
    done="The cycle is deleted.",
    to=lambda _cycle: url_for("cycles.index"),
    leaves=True,
    kind="danger",
    icon="trash",
    when=lambda cycle: cycle.is_draft,
)
opening = _verb(
    name="create_opening",
    path="/openings",
    title="Open",
    question="Open the cycle of {0}? Its matrix and past sales stay as they are then.",
    act=services.open_cycle,
    done="The cycle is open. The baselines are being made.",
    kind="primary",
    icon="play",
    when=lambda cycle: cycle.is_draft,
)
closing = _verb(
    name="create_closure",
    path="/closures",
    title="Close",
    question=lambda cycle: (
        f"Close the cycle of {cycle}? {_handed_in(cycle)} are handed in. "
        "Nobody writes in it any more."
    ),
    act=services.close_cycle,
    done="The cycle is closed: what it says now is the consensus.",
    icon="lock",
    when=lambda cycle: cycle.is_open,
)
fill = _verb(
    name="create_filling",
    path="/fillings",
    title="Fill from sales",
    heading="Fill the matrix of {0} from sales",
    submit="Fill",
    form=FillForm,
    offer=_offer_reps,
    act=services.fill_matrix,
    done=lambda _cycle, filled: _said(filled),
    icon="download",
    when=lambda cycle: cycle.is_draft,
)
baselines = _verb(
    name="create_baselines",
    path="/baselines",
    title="Make baselines again",
    question="Make the baselines of {0} again? What was written stays.",
    act=lambda cycle_id: make_baselines.enqueue(cycle_id=cycle_id),
    done="The baselines are being made.",
    icon="refresh",
    when=lambda cycle: cycle.is_open,
)
adjust = _verb(
    name="create_adjustments",
    path="/adjustments",
    title="Adjust",
    heading="Adjust the consensus of {0}",
    subtitle="What reps wrote stays beside it.",
    submit="Adjust",
    form=AdjustForm,
    offer=_offer_levels,
    act=services.adjust_consensus,
    done="The consensus is adjusted.",
    icon="edit",
    when=lambda cycle: cycle.is_open,
)
copy_scenario = _verb(
    name="create_scenarios",
    path="/scenarios",
    title="Copy into a scenario",
    heading="Copy the consensus of {0} into a scenario",
    submit="Copy",
    form=ScenarioForm,
    act=services.create_scenario,
    to=lambda scenario: url_for("scenarios.show", scenario_id=scenario.id),
    leads_on=True,
    leaves=True,
    done="It says what the cycle says: adjust it, and compare.",
    icon="copy",
    when=lambda cycle: cycle.is_open,
)
remind = _verb(
    name="create_reminders",
    path="/reminders",
    title="Remind",
    question="Remind all who have not submitted their forecast of {0} by e-mail?",
    act=services.remind,
    done="{1} reminders are on their way.",
    icon="mail",
    when=lambda cycle: cycle.is_open,
)
update_reminder = _verb(
    name="update_reminder",
    path="/reminder",
    title="Text of reminders",
    heading="What reminders of {0} say",
    form=ReminderForm,
    act=services.change_reminder,
    done="The text is saved.",
    icon="edit",
    when=lambda cycle: cycle.status != "closed",
)
test_reminder = _verb(
    name="create_reminder_test",
    path="/reminder/tests",
    title="Send me a test",
    question="Send the reminder to yourself?",
    act=services.send_test_reminder,
    done=lambda _cycle, mail: f"Sent to {mail.to}. {mail.warning}".strip(),
    icon="mail",
    when=lambda cycle: cycle.status != "closed",
)


def _said(filled: services.Filled) -> str:
    left = (
        f" {filled.left_out:,} were left out: nobody is known for them."
        if filled.left_out
        else ""
    )
    return f"{filled.added:,} rows are new.{left}"


def _tracked(cycle: Cycle) -> dict[int, Any]:
    return {row.user_id: row for row in db.session.execute(queries.tracking(cycle.id))}


def _context(cycle: Cycle) -> dict[str, Any]:
    seen: Sequence[Any] = [
        one for one in cycle.submissions if may(MANAGE) or one.user_id == current_user.id
    ]
    return {
        "submissions": seen,
        "tracked": _tracked(cycle),
        "row_count": db.session.scalar(queries.row_count(cycle.id)),
        "submission_states": SUBMISSION_STATUSES,
        "submission_actions": submissions.ACTIONS,
        "reminder": services.preview_reminder(cycle, myself()),
        "handed_in": _handed_in(cycle),
        **(_adjusted(cycle) if may(MANAGE) else {}),
    }


def _adjusted(cycle: Cycle) -> dict[str, Any]:
    """Give what planners have adjusted, the newest first, and what it comes to in all."""
    found = queries.adjustments(cycle.id).order_by(Adjustment.id.desc()).limit(ADJUSTED)
    cells = chain.from_iterable(totals_of(db.session(), cycle.id).values())
    return {
        "adjustments": db.session.scalars(found).all(),
        "adjustment_actions": adjustments.ACTIONS,
        "scenarios": db.session.scalars(
            queries.scenarios(cycle.id).order_by(Scenario.id)
        ).all(),
        "consensus": sum((cell for cell in cells if cell is not None), Decimal(0)),
    }


cycle_page = RecordPage(
    resource=CYCLE,
    permission="forecasts.view",
    heading="Forecast of {0}",
    subtitle=lambda cycle: cycle.note,
    crumbs=lambda _cycle: [("Forecasts", url_for("cycles.index"))],
    buttons=(
        RecordLink(
            label="Grid",
            href=lambda cycle: url_for("forecast_grid.show", cycle_id=cycle.id),
            kind="primary",
            icon="columns",
            when=lambda cycle: not cycle.is_draft,
        ),
        fill,
        RecordLink(
            label="Add a row",
            href=lambda cycle: url_for("planning_rows.new", cycle_id=cycle.id),
            permission=MANAGE,
            icon="plus",
            is_dialog=True,
            when=lambda cycle: cycle.is_draft,
        ),
        opening,
        remind,
        closing,
        update,
        Menu(label="More", items=(baselines, delete)),
    ),
    body="planning/cycles/_cycle.html",
    context=_context,
    events=("submissions:changed",),
    labels={"due_on": "Due", "threshold": "Reason from", "note": "Note"},
)
cycle_page.add_to(bp)
for action in (
    *(create, update, delete, opening, closing, fill, baselines, adjust, copy_scenario),
    *(remind, update_reminder, test_reminder),
):
    action.add_to(bp)
REMINDER_ACTIONS = (update_reminder, test_reminder)


ADJUST_ACTIONS = (adjust,)
SCENARIO_ACTIONS = (copy_scenario,)


@bp.context_processor
def _section_actions() -> dict[str, Any]:
    return {
        "reminder_actions": REMINDER_ACTIONS,
        "adjust_actions": ADJUST_ACTIONS,
        "scenario_actions": SCENARIO_ACTIONS,
    }
