"""The page of a count, and what the office does with one."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import request, url_for

from app.core.errors import Invalid
from app.core.pages import Action, RecordPage, Resource
from app.counting import queries, services
from app.counting.errors import NotAllowed
from app.counting.forms import ApprovalForm, CancellationForm, NewCountForm, ReversalForm
from app.counting.models import CountTask
from app.counting.views.counts import CHANGED, bp
from app.scanning import services as scanning
from app.scanning.errors import WrongScan
from app.stock import services as stock

COUNT = Resource(
    name="task",
    area="counts",
    query=queries.count,
    rule="/<int:count_id>",
    keys={"count_id": "id"},
    event=CHANGED,
)


def _begin(form: NewCountForm, _task: None) -> None:
    """Begin with the place or the product that somebody comes from."""
    form.location.data = request.args.get("location", "")
    form.product.data = request.args.get("product", "")
    if form.product.data:
        form.what.data = "product"


def _create(
    what: str, *, location: str, with_empty: bool, product: str, number: int | None, note: str
) -> services.CreatedCounts:
    if what == "product":
        try:
            found, _units = scanning.find_product(
                product, advice=f"There is no product {product}."
            )
        except WrongScan as error:
            raise Invalid("product", str(error)) from error
        return services.count_product(found.id, note=note)
    if what == "oldest":
        return services.count_oldest(number or 0, note=note)
    location_id = stock.find_location(location)
    return services.count_location(location_id, with_empty=with_empty, note=note)


def said_of(made: services.CreatedCounts, _made: services.CreatedCounts) -> str:
    """Say how many counts were made, and how many there were already."""
    number = len(made.counts)
    message = "1 bin is to be counted." if number == 1 else f"{number} bins to be counted."
    if made.skipped:
        message += f" {made.skipped} more are being counted already."
    return message


def _unfinished(made: services.CreatedCounts | None) -> str:
    return url_for("counts.index", state="unfinished") if made else url_for("counts.index")


def _ensure_waiting(_form: ApprovalForm, task: CountTask) -> None:
    if task.state != "review":
        raise NotAllowed(f"{task} does not wait for approval: {task.state_label.lower()}.")


def _approved(task: CountTask, _task: CountTask) -> str:
    if task.state == "recount":
        return "Posted but for what has moved since: that is counted again."
    return f"{task} is posted."


def _ensure_posted(_form: ReversalForm, task: CountTask) -> None:
    services.refuse_undoing(task)


def _conflicts(task: CountTask) -> Mapping[str, Any]:
    return {"conflicts": services.conflicts(task) if task.state == "review" else []}


def _is_in_review(task: CountTask) -> bool:
    return task.state == "review"


_manage = partial(Action, resource=COUNT, permission="counting.manage")
_decide = partial(Action, resource=COUNT, permission="counting.approve", when=_is_in_review)

create = _manage(
    name="create",
    is_new=True,
    title="New count",
    subtitle="One count for each bin. Counters see no quantities.",
    submit="Have it counted",
    form=NewCountForm,
    fill=_begin,
    fields="counting/counts/_new.html",
    act=_create,
    done=said_of,
    to=_unfinished,
    leaves=True,
)
approve = _decide(
    name="create_approval",
    path="/approval",
    title="Approve",
    heading="Approve {0.location.code}",
    page_title="Approve {0}",
    subtitle="The books are changed by the difference of each line.",
    submit="Approve and post",
    form=ApprovalForm,
    fill=_ensure_waiting,
    fields="counting/counts/_approval.html",
    context=_conflicts,
    act=services.approve,
    done=_approved,
    kind="primary",
    icon="check",
)
request_recount = _decide(
    name="request_recount",
    path="/recount",
    title="Count again",
    question="Have what differs in {0.location.code} counted again? Nothing is posted until "
    "then.",
    act=services.request_recount,
    done="{0.location.code} is counted again.",
    icon="refresh",
)
release = _manage(
    name="release",
    path="/release",
    title="Take it from {0.claimed_by}",
    question="Put {0.location.code} back into the list? Whoever takes it begins anew.",
    confirm="Put back",
    act=services.release,
    done="{0} is back in the list.",
    icon="undo",
    when=lambda task: task.state == "counting",
)
cancel = _manage(
    name="create_cancellation",
    path="/cancellation",
    title="Cancel",
    heading="Cancel {0} of {0.location.code}",
    page_title="Cancel {0}",
    advice="The books stay as they are. What was found is kept, and not posted.",
    submit="Cancel count",
    form=CancellationForm,
    act=services.cancel,
    done="{0} is cancelled.",
    icon="x",
    is_danger=True,
    when=lambda task: task.is_open,
)


undo_count = Action(
    resource=COUNT,
    name="create_reversal",
    path="/reversal",
    permission="counting.approve",
    title="Undo",
    heading="Undo {0} of {0.location.code}",
    page_title="Undo {0}",
    subtitle="The books are changed back by the difference of each line.",
    submit="Undo and post",
    form=ReversalForm,
    fill=_ensure_posted,
    fields="counting/counts/_reversal.html",
    act=services.undo_count,
    done="{0} is undone.",
    icon="undo",
    is_danger=True,
    when=lambda task: task.is_posted,
)


def _subtitle(task: CountTask) -> str:
    return task.product.name if task.product else "All that lies there"


count_page = RecordPage(
    resource=COUNT,
    permission="counting.view",
    title="{0}",
    heading="{0}: {0.location.code}",
    subtitle=_subtitle,
    crumbs=lambda _task: [("Counts", url_for("counts.index"))],
    buttons=(approve, request_recount, release, undo_count, cancel),
    has_row=True,
    row="counting/counts/_state.html",
    topic=lambda task: f"counts:{task.id}",
    news="count-{0.id}-news",
    body="counting/counts/_count.html",
    context=_conflicts,
)

count_page.add_to(bp)
for action in (create, approve, request_recount, release, undo_count, cancel):
    action.add_to(bp)
