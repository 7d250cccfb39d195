"""What changes on open pages when somebody counts."""

from flask import render_template

from app.core.events import Fragment
from app.counting.events import CountChanged


def show_count(event: CountChanged) -> list[Fragment]:
    """The list and the page of the count fetch themselves anew, as each person may see them."""
    html = render_template("counting/counts/_live.html", count_id=event.count_id)
    return [Fragment("counts", html), Fragment(f"counts:{event.count_id}", html)]
