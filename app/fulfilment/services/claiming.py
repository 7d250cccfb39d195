"""Who picks: taking the next orders, going on elsewhere, taking over, giving back."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select

from app.accounts.models import User
from app.core.db import db, locked, retried, transaction
from app.core.errors import Invalid
from app.core.settings import setting
from app.documents.errors import NotAllowed
from app.fulfilment import queries
from app.fulfilment.models import IN_WORK, PickLine, PickTask, PickTaskOrder
from app.fulfilment.services.locking import (
    PICK,
    Picker,
    locked_task,
    name_of,
    publish_change,
)
from app.orders import services as orders
from app.orders.models import SalesOrder
from app.scanning.services import ActionResult, TabletAction, lock_user, perform_once
from app.stock.models import Location


@retried
def next_task(picker: Picker, *, order_id: int | None = None) -> PickTask | None:
    """Give somebody the next pick task, at once and alone; None if nothing is ready.

    Who has one in work goes on with it. One that was given back comes before new orders.
    `order_id` is an order that somebody has chosen: it is picked first, by itself.

    Raises:
        NotAllowed: Every tote is in use; or the order that was chosen is not ready, or
            somebody has another pick task in work.
    """
    with transaction() as session:
        lock_user(picker.user_id)
        mine = session.scalar(locked(queries.task_of(picker.user_id), PickTask))
        if order_id is not None:
            task: PickTask | None = _task_with(order_id, mine, picker)
        else:
            begun = queries.ready_tasks().limit(1)
            begun = begun.with_for_update(skip_locked=True, of=PickTask)
            task = mine or session.scalar(begun) or _create_task(picker, _next_orders())
        if task is not None:
            task.assign_to(picker.user_id, picker.device)
            publish_change(task)
    return task


@retried
def resume(task_id: int, picker: Picker, *, may_take_over: bool) -> PickTask:
    """Go on with a pick task on this tablet, at the same piece: one's own, or somebody else's.

    Raises:
        NotAllowed: It is over, somebody else's, or the person has another one in work.
    """
    with transaction() as session:
        lock_user(picker.user_id)
        task = locked_task(task_id)
        if task.state not in (*IN_WORK, "ready"):
            raise NotAllowed(f"{task} is {task.state_label.lower()}.")
        is_mine = task.claimed_by_id in (None, picker.user_id)
        if not is_mine and not may_take_over:
            raise NotAllowed(f"{name_of(task.claimed_by_id)} has taken this pick task.")
        other = session.scalar(queries.task_of(picker.user_id))
        if other is not None and other.id != task.id:
            raise NotAllowed(f"You have {other} in work: finish it or give it back first.")
        task.assign_to(picker.user_id, picker.device)
        publish_change(task)
    return task


@retried
def release(task_id: int, *, user_id: int | None = None) -> PickTask:
    """Give a pick task back: what is picked stays in its totes, and another goes on there.

    An order of which nothing is picked is free again. `user_id` is whose it must be.

    Raises:
        NotAllowed: It is over, or somebody else's.
    """
    with transaction():
        task = locked_task(task_id)
        if task.state not in (*IN_WORK, "ready"):
            raise NotAllowed(f"{task} is {task.state_label.lower()}.")
        if user_id is not None and task.claimed_by_id != user_id:
            raise NotAllowed(f"{name_of(task.claimed_by_id)} has taken this pick task.")
        for task_order in task.orders:
            if task_order.state == "open":
                _drop_unpicked(task, task_order)
        is_resumable = any(task_order.state == "open" for task_order in task.orders)
        task.state = "ready" if is_resumable else _end_state(task)
        task.claimed_by_id, task.device, task.bin_id = None, "", None
        publish_change(task)
    return task


def release_once(task_id: int, picker: Picker, *, scan_id: UUID) -> ActionResult:
    """Give one's own pick task back by a tap, once per id."""
    action = TabletAction(id=scan_id, task_type=PICK, task_id=task_id, kind="leave")
    return perform_once(action, lambda: _release_once(task_id, picker))


@retried
def reassign(task_id: int, user_id: int) -> PickTask:
    """Give a pick task to somebody else, who goes on with it on any tablet.

    Raises:
        Invalid: There is nobody of that id who may pick.
        NotAllowed: It is over, or the person has one in work.
    """
    user = db.session.get(User, user_id)
    if user is None or not user.is_active or not user.may("fulfilment.pick"):
        raise Invalid("user_id", "Choose somebody who may pick.")
    return resume(task_id, Picker(user_id=user_id, device=""), may_take_over=True)


def create_pick_lines(
    task: PickTask, order_ids: Sequence[int], *, after: int = 0
) -> list[PickLine]:
    """Make a line for each reservation of these orders, along the route."""
    rows = db.session.execute(queries.reservations_for(order_ids)).all()
    lines = [
        PickLine(
            task_id=task.id,
            order_id=order_id,
            order_line_id=reservation.document_id,
            product_id=reservation.product_id,
            location_id=reservation.location_id,
            lot_id=reservation.lot_id,
            quantity=reservation.quantity,
            sequence=after + number,
        )
        for number, (reservation, order_id) in enumerate(rows, start=1)
    ]
    db.session.add_all(lines)
    db.session.flush()
    return lines


def _release_once(task_id: int, picker: Picker) -> ActionResult:
    release(task_id, user_id=picker.user_id)
    return ActionResult(message="Given back. What is picked stays in its tote.")


def _task_with(order_id: int, mine: PickTask | None, picker: Picker) -> PickTask:
    """The pick task of an order that somebody has chosen, made if there is none."""
    task_order = db.session.scalar(queries.active_of_order(order_id))
    if mine is not None:
        if task_order is not None and task_order.task_id == mine.id:
            return mine  # asked for twice
        raise NotAllowed(f"You have {mine} in work: finish it or give it back first.")
    found = db.session.scalars(_ready(queries.ready_orders(_states()), order_id)).all()
    task = _create_task(picker, found)
    if task is None:
        raise NotAllowed("Somebody else was faster: this order is not ready any more.")
    return task


def _create_task(picker: Picker, found: Sequence[SalesOrder]) -> PickTask | None:
    """Make a pick task of orders under lock, each with a free tote; None if there are none."""
    if not found:
        return None
    free = _lock_free_totes(len(found))
    if not free:
        raise NotAllowed("Every tote is in use: pack one first, or make more under Locations.")
    task = PickTask(claimed_by_id=picker.user_id, device=picker.device)
    db.session.add(task)
    db.session.flush()
    wave = [*zip(found, free, strict=False)]
    for position, (order, tote) in enumerate(wave, start=1):
        task_order = PickTaskOrder(
            task_id=task.id, position=position, order_id=order.id, tote_id=tote.id
        )
        db.session.add(task_order)
        order.move_to("picking")
        orders.publish_change(order)
    create_pick_lines(task, [order.id for order, _tote in wave])
    return task


def _next_orders() -> Sequence[SalesOrder]:
    """Orders that nobody else is taking at this moment, as many as a pick task has."""
    ready = queries.ready_orders(_states()).limit(setting("pick_wave"))
    return db.session.scalars(_ready(ready)).all()


def _ready(query: Select[SalesOrder], order_id: int | None = None) -> Select[SalesOrder]:
    """Lock ready orders; those that others are taking are left out."""
    if order_id is not None:
        query = query.where(SalesOrder.id == order_id)
    query = query.with_for_update(skip_locked=True, of=SalesOrder)
    return query.execution_options(populate_existing=True)


def _states() -> list[str]:
    return ["allocated", *(["part_allocated"] if setting("pick_partly") else [])]


def _lock_free_totes(count: int) -> Sequence[Location]:
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


def _drop_unpicked(task: PickTask, task_order: PickTaskOrder) -> None:
    lines = [line for line in task.lines if line.order_id == task_order.order_id]
    if any(line.picked for line in lines):
        return
    order = orders.locked_order(task_order.order_id)
    for line in lines:
        db.session.delete(line)
    task_order.end("released")
    db.session.flush()
    orders.update_status(order)
    orders.publish_change(order)


def _end_state(task: PickTask) -> str:
    return "picked" if any(task_order.is_active for task_order in task.orders) else "released"
