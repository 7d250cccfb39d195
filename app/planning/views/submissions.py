"""What reps hand in: submitted, returned, approved; all of it on the page of the cycle."""

from functools import partial
from typing import Any

from flask import Blueprint, url_for
from flask_login import current_user
from sqlalchemy import Select

from app.core.pages import Action, Resource
from app.planning import queries, services
from app.planning.access import MANAGE, own_only
from app.planning.forms import ReturnForm, SubmitForm
from app.planning.models import Submission

bp = Blueprint("submissions", __name__, url_prefix="/planning/submissions")


def _submission(submission_id: int) -> Select[Any]:
    """Give what the person asking hands in, or for planners what anybody does."""
    found, own = queries.submission(submission_id), own_only()
    return found if own is None else found.where(Submission.user_id == own)


SUBMISSION = Resource(
    name="submission",
    area="submissions",
    query=_submission,
    rule="/<int:submission_id>",
    keys={"submission_id": "id"},
    event="submissions:changed",
)
_verb = partial(
    Action,
    resource=SUBMISSION,
    to=lambda submission: url_for("cycles.show", cycle_id=submission.cycle_id),
)


def _is_open(submission: Submission) -> bool:
    return submission.cycle.is_open


submit = _verb(
    name="create_submission",
    path="/submissions",
    permission="forecasts.edit",
    title="Submit",
    heading=lambda submission: f"Submit the forecast of {submission.cycle}",
    subtitle="You write no more in it, unless it is returned.",
    submit="Submit",
    form=SubmitForm,
    act=services.submit_forecast,
    done="The forecast is submitted.",
    kind="primary",
    icon="check",
    when=lambda submission: (
        _is_open(submission)
        and submission.is_writable
        and (own_only() is None or submission.user_id == current_user.id)
    ),
)
approve = _verb(
    name="create_approval",
    path="/approvals",
    permission=MANAGE,
    title="Approve",
    act=services.approve_submission,
    done="The forecast is approved.",
    icon="check",
    when=lambda submission: _is_open(submission) and submission.status == "submitted",
)
returning = _verb(
    name="create_return",
    path="/returns",
    permission=MANAGE,
    title="Return",
    heading=lambda submission: f"Return the forecast of {submission.user.name}",
    submit="Return",
    form=ReturnForm,
    act=services.return_submission,
    done="The forecast is returned.",
    icon="undo",
    when=lambda submission: (
        _is_open(submission) and submission.status in ("submitted", "approved")
    ),
)
ACTIONS = (submit, approve, returning)
for action in ACTIONS:
    action.add_to(bp)
