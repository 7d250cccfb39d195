"""Who walks: taking the next orders, going on elsewhere, taking over, giving back."""

from collections.abc import Sequence

from sqlalchemy import select

from app.accounts.models import User
from app.core.db import db, locked, retried, transaction
from app.core.settings import setting
from app.fulfilment import queries
from app.fulfilment.models import IN_WORK, PickLine, PickTask, PickTaskOrder
from app.fulfilment.services.holding import Picker, locked_task, tell
from app.orders import services as orders
from app.orders.errors import NotAllowed
from app.orders.models import SalesOrder
from app.stock.models import Location


@retried
def next_task(picker: Picker) -> PickTask | None:
    """Give somebody the next walk, at once and alone; None if nothing is ready.

    Who has one in work goes on with it. A walk that was given back comes before new orders.

    Raises:
        NotAllowed: Every tote is in use.
    """
    with transaction() as session:
        _hold_person(picker.user_id)
        mine = session.scalar(locked(queries.task_of(picker.user_id), PickTask))
        begun = queries.ready_tasks().limit(1).with_for_update(skip_locked=True, of=PickTask)
        task = mine or session.scalar(begun) or _new_task(picker)
        if task is not None:
            task.give_to(picker.user_id, picker.device)
            tell(task)
    return task


@retried
def go_on(task_id: int, picker: Picker, *, may_take_over: bool) -> PickTask:
    """Go on with a walk on this tablet, at the same piece: one's own, or somebody else's.

    Raises:
        NotAllowed: It is over, somebody else's, or the person has another one in work.
    """
    with transaction() as session:
        _hold_person(picker.user_id)
        task = locked_task(task_id)
        if task.state not in (*IN_WORK, "ready"):
            raise NotAllowed(f"{task} is {task.state_label.lower()}.")
        is_mine = task.claimed_by_id in (None, picker.user_id)
        if not is_mine and not may_take_over:
            raise NotAllowed("Somebody else has taken this walk.")
        other = session.scalar(queries.task_of(picker.user_id))
        if other is not None and other.id != task.id:
            raise NotAllowed(f"You have {other} in work: finish it or give it back first.")
        task.give_to(picker.user_id, picker.device)
        tell(task)
    return task


@retried
def give_back(task_id: int, *, user_id: int | None = None) -> PickTask:
    """Give a walk back: what is picked stays in its totes, and another goes on there.

    An order of which nothing is picked is free again. `user_id` is whose it must be.

    Raises:
        NotAllowed: It is over, or somebody else's.
    """
    with transaction():
        task = locked_task(task_id)
        if task.state not in (*IN_WORK, "ready"):
            raise NotAllowed(f"{task} is {task.state_label.lower()}.")
        if user_id is not None and task.claimed_by_id != user_id:
            raise NotAllowed("Somebody else has taken this walk.")
        for part in task.orders:
            if part.state == "open":
                _free_untouched(task, part)
        goes_on = any(part.state == "open" for part in task.orders)
        task.state = "ready" if goes_on else _over(task)
        task.claimed_by_id, task.device, task.bin_id = None, "", None
        tell(task)
    return task


@retried
def reassign(task_id: int, user_id: int) -> PickTask:
    """Give a walk to somebody else, who goes on with it on any tablet.

    Raises:
        NotAllowed: It is over, or the person has one in work.
    """
    return go_on(task_id, Picker(user_id=user_id, device=""), may_take_over=True)


def lay_out(task: PickTask, order_ids: Sequence[int], *, after: int = 0) -> list[PickLine]:
    """Make a line for each promise to these orders, along the walk."""
    rows = db.session.execute(queries.promised_to(order_ids)).all()
    lines = [
        PickLine(
            task_id=task.id,
            order_id=order_id,
            order_line_id=promise.source_id,
            product_id=promise.product_id,
            location_id=promise.location_id,
            lot_id=promise.lot_id,
            quantity=promise.quantity,
            sequence=after + number,
        )
        for number, (promise, order_id) in enumerate(rows, start=1)
    ]
    db.session.add_all(lines)
    db.session.flush()
    return lines


def _hold_person(user_id: int) -> None:
    """One person, two tablets: one after the other."""
    query = select(User.id).where(User.id == user_id)
    db.session.execute(query.with_for_update(key_share=True))


def _new_task(picker: Picker) -> PickTask | None:
    wave = _wave()
    if not wave:
        return None
    task = PickTask(claimed_by_id=picker.user_id, device=picker.device)
    db.session.add(task)
    db.session.flush()
    for position, (order, tote) in enumerate(wave, start=1):
        part = PickTaskOrder(
            task_id=task.id, position=position, order_id=order.id, tote_id=tote.id
        )
        db.session.add(part)
        order.move_to("picking")
        orders.publish_change(order)
    lay_out(task, [order.id for order, _tote in wave])
    return task


def _wave() -> list[tuple[SalesOrder, Location]]:
    """Orders that nobody else is taking at this moment, each with a free tote."""
    session, size = db.session, setting("pick_wave")
    states = ["allocated", *(["part_allocated"] if setting("pick_partly") else [])]
    ready = queries.ready_orders(states).limit(size)
    ready = ready.with_for_update(skip_locked=True, of=SalesOrder)
    found = session.scalars(ready.execution_options(populate_existing=True)).all()
    if not found:
        return []
    free = _totes_of_ours(len(found))
    if not free:
        raise NotAllowed("Every tote is in use: pack one first, or make more under Locations.")
    return [*zip(found, free, strict=False)]


def _totes_of_ours(count: int) -> Sequence[Location]:
    """Lock so many free totes, or as many as there are.

    Taking a tote does not change its row: one that another took and let go of while ours was
    being looked for has to be left out again. A second look, under the lock, sees that.
    """
    while True:
        totes = queries.free_totes().limit(count)
        totes = totes.with_for_update(skip_locked=True, key_share=True, of=Location)
        ids = [tote.id for tote in db.session.scalars(totes)]
        free = db.session.scalars(queries.free_totes().where(Location.id.in_(ids))).all()
        if free or not ids:
            return free


def _free_untouched(task: PickTask, part: PickTaskOrder) -> None:
    lines = [line for line in task.lines if line.order_id == part.order_id]
    if any(line.picked for line in lines):
        return
    order = orders.locked_order(part.order_id)
    for line in lines:
        db.session.delete(line)
    part.end("released")
    db.session.flush()
    orders.update_status(order)
    orders.publish_change(order)


def _over(task: PickTask) -> str:
    return "picked" if any(part.is_active for part in task.orders) else "released"
