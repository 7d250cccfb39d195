"""What a combobox offers: records found by what somebody types, one list for each purpose."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask import Blueprint, abort, render_template, request, url_for

from app.core.permissions import NOT_ALLOWED, SIGNED_IN, may, requires
from app.core.slices import slices

MOST = 12  # of a list: who sees more than these types another letter
LONGEST_TERM = 200

bp = Blueprint("choices", __name__, url_prefix="/choices")


class Choice(NamedTuple):
    """A record to choose: what goes into the field, its name, and what helps to decide."""

    value: str
    name: str
    detail: str = ""


# Takes what was typed, and the id of the record that the choice is about (or None).
Find = Callable[[str, int | None], Sequence[Choice]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceList:
    """Records to choose from at `/choices/<name>`, for who holds one of the permissions.

    `find` gives at most MOST, the best first. `new` is the page on which a record is made when
    there is none yet: it opens over the form for people who hold `new_permission`.
    """

    name: str
    permissions: tuple[str, ...]
    find: Find
    new: str = ""
    new_permission: str = ""


@bp.get("/<source>")
@requires(SIGNED_IN)
def index(source: str) -> str:
    """Offer records for what is typed, as the options of a list box."""
    asked = slices().choices.get(source) or abort(404)
    if not any(map(may, asked.permissions)):
        abort(403, NOT_ALLOWED)
    typed = request.args.get("q", "").replace("\0", " ")
    term = " ".join(typed.split())[:LONGEST_TERM]
    about = request.args.get("about", type=int)
    is_id = about is not None and 0 < about < 2**63
    return render_template(
        "ui/_choices.html",
        choices=asked.find(term, about if is_id else None),
        new=url_for(asked.new) if asked.new and may(asked.new_permission) else "",
        term=term,
    )
