"""How a tablet is answered: the next screen, and what it sounds like."""

from typing import Any

from flask import flash, redirect
from werkzeug import Response

from app.core.web import render, wants_fragment
from app.scanning.services import ActionResult

PROBLEM = "tablet/problem.html"  # the page of a refusal that is no screen
SOUND = "X-Sound"  # ok, line, done or wrong: static/js/tablet/sounds.js plays it


def respond_result(result: ActionResult, template: str, **context: Any) -> Response:
    """Show the screen after an action; a browser without JavaScript is sent back to it.

    The block `screen` of the template is what `static/js/tablet/outbox.js` puts in place.
    """
    if not wants_fragment():
        if result.message:
            flash(result.message, "problem" if result.is_wrong else "message")
        return redirect(context["here"], 303)
    response = render(template, fragment="screen", result=result, **context)
    response.headers[SOUND] = result.outcome
    return response
