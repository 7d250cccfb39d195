"""What open pages hear while somebody picks. It is drawn where no request is."""

import json
from typing import Any

from flask import Flask

from app.realtime.hub import Hub, deliver


def result(app: Flask, topic: str, event: str, **fields: Any) -> str:
    """What somebody who looks at a topic is sent after an event."""
    hub = Hub()
    with hub.joined(app, {topic}) as inbox:
        deliver(app, hub, json.dumps({"event": event, "fields": fields}).encode())
        return inbox.get_nowait() or ""


def test_the_board_fetches_itself_anew(app: Flask) -> None:
    assert 'data-news="#results"' in result(app, "picking", "PickChanged", task_id=7)


def test_the_tablet_of_a_frozen_pick_task_hears_of_it(app: Flask) -> None:
    frozen = {"task_id": 7, "task_order_id": 9, "order_id": 3}
    message = result(app, "pick:7", "PickFrozen", **frozen)

    assert "data-frozen" in message


def test_the_packing_table_hears_of_it_at_once(app: Flask) -> None:
    frozen = {"task_id": 7, "task_order_id": 9, "order_id": 3}

    assert "data-frozen" in result(app, "pack:9", "PickFrozen", **frozen)
