"""A tablet that works by itself, as its screens say: it picks, packs and ships."""

import random
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.db import db
from app.fulfilment import services
from app.fulfilment.models import IN_WORK, PickTaskOrder
from tests.fulfilment.conftest import fresh


class Tablet:
    """A tablet that sends some scans twice, waits at random, and reloads in between."""

    def __init__(self, client: FlaskClient, seed: int) -> None:
        self.client, self.random = client, random.Random(seed)

    def work(self) -> None:
        while True:
            page = self.client.post("/pick/tasks").location
            if page.endswith("/pick"):
                return
            self.pick(int(page.rsplit("/", 1)[1]))

    def send(self, page: str, code: str) -> None:
        data = {"id": str(uuid4()), "code": code}
        for _ in range(self.random.choice((1, 1, 1, 2))):
            answer = self.client.post(
                f"{page}/scans", data=data, headers={"HX-Request": "true"}
            )
            assert answer.status_code == 200, answer.text
        if self.random.random() < 0.1:
            self.client.get(page)

    def pick(self, task_id: int) -> None:
        page = f"/pick/{task_id}"
        while (code := next_code(task_id)) is not None:
            self.send(page, code)
            if self.random.random() < 0.05:
                self.send(page, "WRONG")
        for part_id in task_orders_of(task_id):
            self.pack(part_id)

    def pack(self, part_id: int) -> None:
        page = f"/pack/{part_id}"
        for code in codes_of(part_id):
            self.send(page, code)
        for _ in range(self.random.choice((1, 2))):
            answer = self.client.post(f"{page}/shipment")
            assert answer.status_code == 303, answer.text


def next_code(task_id: int) -> str | None:
    """What a picker would scan now, as the screen says it."""
    task = fresh(task_id)
    line = services.current_line(task)
    if task.state not in IN_WORK or line is None:
        return None
    if task.tote_line_id:
        return str(services.task_order_of(task, line.order_id).tote.code)
    if line.location_id != task.bin_id:
        return str(line.location.code)
    return f"CODE-{line.product.sku}"


def task_orders_of(task_id: int) -> list[int]:
    query = select(PickTaskOrder.id).where(
        PickTaskOrder.task_id == task_id, PickTaskOrder.is_active
    )
    return [*db.session.scalars(query)]


def codes_of(part_id: int) -> list[str]:
    part = db.session.get_one(PickTaskOrder, part_id)
    contents = services.contents_of(part)
    return [f"CODE-{one.product.sku}" for one in contents for _ in range(int(one.picked))]
