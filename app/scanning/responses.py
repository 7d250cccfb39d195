"""How a tablet is answered: the next screen, and what it sounds like."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import flash, redirect
from werkzeug import Response

from app.core.forms import Form
from app.core.web import render, wants_fragment
from app.scanning.forms import ActionForm
from app.scanning.services import ActionResult

Sent = TypeVar("Sent", bound=ActionForm)

PROBLEM = "tablet/problem.html"  # the page of a refusal that is no screen
SOUND = "X-Sound"  # ok, line, done or wrong: static/js/tablet/sounds.js plays it
PLACE = "X-Place"  # the page where work goes on, once nothing else waits to be sent


def perform(form: Sent, act: Callable[[Sent], ActionResult]) -> ActionResult:
    """Do what a tablet has sent, or say what is wrong with it."""
    return act(form) if form.validate_on_submit() else wrong(form)


def wrong(form: Form) -> ActionResult:
    """Say what is wrong with a form, as the red bar says it."""
    words = " ".join(line for lines in form.errors.values() for line in lines)
    return ActionResult(outcome="wrong", message=words)


def respond_result(result: ActionResult, template: str, **context: Any) -> Response:
    """Show the screen after an action; a browser without JavaScript is sent back to it.

    The block `screen` of the template is what `static/js/tablet/outbox.js` puts in place.
    """
    if not wants_fragment():
        if result.message:
            flash(result.message, "problem" if result.is_wrong else "message")
        return redirect(context["here"], 303)
    return respond_screen(result, template, **context)


def respond_screen(result: ActionResult, template: str, **context: Any) -> Response:
    """Show a screen, also to a browser that has sent no form of it."""
    response = render(template, fragment="screen", result=result, **context)
    response.headers[SOUND] = result.outcome
    return response


def respond_place(place: str, message: str = "") -> Response:
    """Go on at another page, after what was asked for is done; `message` stands there."""
    if message:
        flash(message)
    if wants_fragment():
        return Response(status=204, headers={SOUND: "ok", PLACE: place})
    return redirect(place, 303)
