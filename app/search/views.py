"""The command bar and what a scanner types."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from app.core.permissions import SIGNED_IN, requires
from app.core.web import render, wants_fragment
from app.search import command_bar
from app.search.indexes import tidied

bp = Blueprint("search", __name__, url_prefix="/search")


@bp.get("")
@requires(SIGNED_IN)
def show() -> ResponseReturnValue:
    """Show what a term finds; a page whose term is the code of one record goes there."""
    term = tidied(request.args.get("q", ""))
    exact = command_bar.exact(term) if term else []
    if len(exact) == 1 and not wants_fragment():
        return redirect(exact[0].href, 303)
    return render(
        "search/show.html",
        fragment="results",
        term=term,
        groups=command_bar.groups(term, exact=exact) if term else [],
        is_scan=request.args.get("scan") == "1" and term and not exact,
        prefix="" if wants_fragment() else "page-",  # both may be on the screen at once
    )
