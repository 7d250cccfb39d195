"""A bin is through: what was found is compared with the books of this moment.

Why nothing that moves is lost: a round knows the version of each balance from the moment the
bin was scanned. When it ends, the balances are locked, so that a posting on its way is either
seen whole or comes after. Where the version is still the same, nothing moved while somebody
counted, and what was found differs from the books by just `counted - on_hand`. That difference
is frozen. It is what is posted, however much later: picks and receipts in between change the
balance, not the difference. Where something did move under the counter's hands, nobody can say
whether it was counted or not, so that line, and only that one, is counted again.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from app.core.db import db
from app.core.settings import setting
from app.counting import queries
from app.counting.models import CountLine, CountTask
from app.counting.services.locking import COUNT, Counter, last_counts, own_count, publish_change
from app.counting.services.posting import post_lines
from app.counting.services.scanning import require_bin_scan
from app.purchasing.services import average_costs
from app.scanning.errors import WrongScan
from app.scanning.services import ActionResult, TabletAction, perform_once
from app.stock import services as stock

MOST_ROUNDS = 2  # then somebody decides: a third count of the same would be one too many
ZERO = Decimal(0)


def finish(count_id: int, counter: Counter, *, scan_id: UUID) -> ActionResult:
    """Say that all of a bin is counted: of what was not found there is nothing."""
    action = TabletAction(id=scan_id, task_type=COUNT, task_id=count_id, kind="done")
    return perform_once(action, lambda: _finish(count_id, counter, is_empty=False))


def report_empty(count_id: int, counter: Counter, *, scan_id: UUID) -> ActionResult:
    """Say that there is nothing of what was to be counted."""
    action = TabletAction(id=scan_id, task_type=COUNT, task_id=count_id, kind="empty")
    return perform_once(action, lambda: _finish(count_id, counter, is_empty=True))


def update_status(task: CountTask) -> None:
    """Let the state of a count follow from its lines."""
    states = {line.state for line in task.results}
    if "recount" in states:
        task.round += 1
        task.unassign("recount")
    else:
        task.unassign("review" if "review" in states else "done")
    publish_change(task)


def _finish(count_id: int, counter: Counter, *, is_empty: bool) -> ActionResult:
    task = own_count(count_id, counter)
    require_bin_scan(task)
    has_counted = any(line.counted is not None for line in task.current_lines)
    if is_empty and any(line.counted for line in task.current_lines):
        raise WrongScan("Something was counted already: undo it, or say that all is done.")
    if not is_empty and not has_counted:
        raise WrongScan("Nothing is counted yet. If nothing lies here, say so.")
    _end_round(task)
    place = task.location.code
    update_status(task)
    return ActionResult(outcome="done", message=f"{place} is done.")


def _end_round(task: CountTask) -> None:
    now = datetime.now(UTC)
    current = next(one for one in task.rounds if one.number == task.round)
    assert task.claimed_by_id is not None  # noqa: S101  (it is in somebody's hands)
    current.user_id, current.ended_at = task.claimed_by_id, now
    earlier = {one.user_id for one in task.rounds if one.number < task.round}
    current.is_same_person = current.user_id in earlier
    _add_arrived_lines(task)
    lines = task.current_lines
    held = stock.lock_balances(_balance_key(task, line) for line in lines)
    last = last_counts(task)
    costs = average_costs([line.product_id for line in lines])
    for line in lines:
        line.counted_before = last.get((line.product_id, line.lot_id))
        line.unit_cost = costs[line.product_id][0]
        _compare(task, line, held[_balance_key(task, line)], now)
    if not setting("count_close_equal"):
        for line in lines:
            line.state = "review" if line.state == "matched" else line.state
    post_lines(task, [line for line in lines if _may_close(task, line)], key="equal")


def _add_arrived_lines(task: CountTask) -> None:
    """In a whole bin, what has come since it was scanned: it was not looked for."""
    if task.product_id is not None or task.is_recount:
        return
    known = {(line.product_id, line.lot_id) for line in task.current_lines}
    for balance in db.session.scalars(queries.balances_at(task.location_id, None)).all():
        if (balance.product_id, balance.lot_id) not in known:
            line = CountLine(
                task_id=task.id,
                round=task.round,
                product_id=balance.product_id,
                lot_id=balance.lot_id,
                version=balance.version - 1,  # whatever it was, it has moved
            )
            task.lines.append(line)
    db.session.flush()
    _load_names(line for line in task.current_lines if line.counted is None)


def _load_names(lines: Iterable[CountLine]) -> None:
    for line in lines:
        db.session.refresh(line, ["product", "lot"])


def _compare(
    task: CountTask, line: CountLine, held: stock.BalanceSnapshot, now: datetime
) -> None:
    line.counted = line.counted or ZERO
    line.on_hand, line.counted_at = held.on_hand, now
    if not line.difference:  # moved or not, it is what the books say
        line.state = "matched"
    elif line.version != held.version:
        line.state, line.recount_reason = "recount", "moved"
    elif task.round < MOST_ROUNDS and line.differs_by(
        percent=setting("count_recount_percent"), value=setting("count_recount_value")
    ):
        line.state, line.recount_reason = "recount", "large"
    else:
        line.state = "review"


def _may_close(task: CountTask, line: CountLine) -> bool:
    """Tell whether a count without a difference is written down now.

    A place or a product that is out of use takes no postings; there is nothing to correct.
    """
    return line.state == "matched" and line.product.is_active and not task.location.is_blocked


def _balance_key(task: CountTask, line: CountLine) -> stock.Place:
    return line.product_id, task.location_id, line.lot_id
