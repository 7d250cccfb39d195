"""What a subject is: how its things are named, found, and what their labels say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select

from app.labels.drawing.contents import LabelContent


class LabelOptions(NamedTuple):
    """How the labels of a batch are wanted, as far as subjects care."""

    symbology: str = "code128"
    code: str = "sku"  # or "barcode": which code of a product
    has_price: bool = False


Contents = Mapping[str, LabelContent | str]  # what each label says, or why there is none


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One kind of things that have labels."""

    field: str  # what programs name it by: `sku`
    label: str
    noun: str  # what people type or scan
    permission: str  # needed to see such things
    # Those that it leaves out are unknown.
    contents: Callable[[Sequence[str], LabelOptions], Contents]
    search: Callable[[Mapping[str, str]], Select[*tuple[Any, ...]]]  # rows of code and name
