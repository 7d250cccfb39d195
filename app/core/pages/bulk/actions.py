"""What can be done to many rows at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.forms import Form
from app.core.permissions import may


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkAction:
    """A verb for the rows that are selected.

    `act` is the service for one record, called with its id and the values of `form`: what it
    refuses stands in the report. `act_on_all`, for what is one thing made of many, takes all
    ids at once and gives a part of the job's result (with `refused` and `errors`, if some
    could not be done). `address` instead goes to a page with
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
    address: Callable[[Sequence[int] | None, Mapping[str, str]], str] | None = None
    is_offered: Callable[[Mapping[str, Any]], bool] = lambda _about: True

    @property
    def is_open(self) -> bool:
        """Tell whether the person asking may do it."""
        return may(self.permission)
