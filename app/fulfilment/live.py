"""What changes on open pages when somebody picks."""

from flask import render_template

from app.core.events import Fragment
from app.fulfilment.events import PickChanged, PickFrozen


def show_task(_event: PickChanged) -> list[Fragment]:
    """The board fetches itself anew; it is the same for everybody who may see it."""
    html = render_template("fulfilment/board/_live.html")
    return [Fragment("picking", html)]


def show_frozen(event: PickFrozen) -> list[Fragment]:
    """Who picks an order or packs it hears that it was cancelled."""
    board = render_template("fulfilment/board/_live.html")
    tablet = render_template("fulfilment/pick/_frozen.html", task_id=event.task_id)
    return [
        Fragment("picking", board),
        Fragment(f"pick:{event.task_id}", tablet),
        Fragment(f"pack:{event.task_order_id}", tablet),
    ]
