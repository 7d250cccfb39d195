"""What can be done to many rows at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from app.core.forms import Form
from app.core.permissions import may


class Outcome(NamedTuple):
    """What came of it, in a sentence, with the names and addresses of what was made."""

    said: str
    links: Sequence[tuple[str, str]] = ()
    tells: Sequence[str] = ()  # the parts of the result that the sentence tells


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkAction:
    """A verb for the rows that are selected.

    `act` is the service for one record, called with its id and the values of `form`: what it
    refuses stands in the report. `act_on_all`, for what is one thing made of many, takes all
    ids at once and gives a part of the job's result (with `refused` and `errors`, if some
    could not be done); `outcome` says what came of that, where "2 products done" does not.
    `address` instead goes to a page with
    what is selected. `is_offered` is told the record in the list's path. `question` may say
    {count}, which reads "12 products".
    """

    name: str
    label: str
    permission: str
    question: str = ""
    kind: str = ""  # of its buttons: danger
    form: type[Form] | None = None
    offer: Callable[[Form], object] | None = None  # fills in what the form lets choose from
    act: Callable[..., object] | None = None
    act_on_all: Callable[..., Mapping[str, Any]] | None = None
    outcome: Callable[[Mapping[str, Any]], Outcome] | None = None
    address: Callable[[Sequence[int] | None, Mapping[str, str]], str] | None = None
    is_offered: Callable[[Mapping[str, Any]], bool] = lambda _about: True

    @property
    def is_open(self) -> bool:
        """Tell whether the person asking may do it."""
        return may(self.permission)
