"""The cells of a list as markup: one function for each column, since lists must be fast.

A template that asks of each cell what kind it is takes three times as long as the cells.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import current_app
from markupsafe import Markup, escape

from app.core.quantities import grouped, money

if TYPE_CHECKING:
    from app.core.pages.columns import Column

Inside = Callable[[Any], str]  # of a row, escaped
Cell = Callable[[Any, str | None], Markup]  # of a row and the address of its page

BLANK = '<span class="hint">—</span>'
SILENT = "pcs"  # pieces are what everybody counts in: they go without saying


def cell_of(column: "Column", *, is_live: bool) -> Cell:
    """Give what writes the cells of a column; live ones are what the websocket replaces."""
    inside = INSIDES.get(column.kind, _text)(column, is_live)
    begin, end = _begin(column, column.css), "</th>" if column.is_link else "</td>"
    is_link = column.is_link and column.kind != "cell"

    def cell(row: Any, href: str | None) -> Markup:
        said = inside(row)
        if is_link and href:
            said = f'<a href="{escape(href)}">{said}</a>'
        tone = column.tone(row) if column.tone else ""
        opening = _begin(column, f"{column.css} {tone}".strip()) if tone else begin
        return Markup(f"{opening}{said}{end}")  # noqa: S704  (escaped where it is made)

    return cell


def _begin(column: "Column", css: str) -> str:
    tag = 'th scope="row"' if column.is_link else "td"
    classes = f' class="{escape(css)}"' if css else ""
    label = f' data-label="{escape(column.phone_label)}"' if column.phone_label else ""
    return f"<{tag}{classes}{label}>"


def _unless_none(column: "Column", write: Callable[[Any, Any], str], blank: str) -> Inside:
    """Write the value of a row, of which the unit may be needed, or that there is none."""
    get = column.get

    def inside(row: Any) -> str:
        value = get(row)
        return blank if value is None else write(value, row)

    return inside


def _text(column: "Column", _is_live: bool) -> Inside:  # noqa: FBT001  (as all of INSIDES)
    return _unless_none(column, lambda value, _row: escape(value), "")


def _badge(column: "Column", _is_live: bool) -> Inside:  # noqa: FBT001
    def badge(value: Any, _row: Any) -> str:
        return f'<span class="badge muted">{escape(value)}</span>' if value else ""

    return _unless_none(column, badge, BLANK)


def _number(column: "Column", _is_live: bool) -> Inside:  # noqa: FBT001
    return _unless_none(column, lambda value, _row: f"{value:,}", BLANK)


def _quantity(column: "Column", is_live: bool) -> Inside:  # noqa: FBT001
    get_unit, live = column.get_unit, column.live if is_live else ""

    def write(value: Any, row: Any) -> str:
        unit = get_unit(row) if get_unit else ""
        named = f' <span class="unit">{escape(unit)}</span>' if unit and unit != SILENT else ""
        known = f' id="{escape(live.format(row))}"' if live else ""
        said = grouped(value)
        return f'<data class="quantity"{known} value="{value}">{said}{named}</data>'

    return _unless_none(column, write, BLANK)


def _money(column: "Column", _is_live: bool) -> Inside:  # noqa: FBT001
    get_unit = column.get_unit

    def write(value: Any, row: Any) -> str:
        unit = get_unit(row) if get_unit else ""
        named = f' <span class="unit">{escape(unit)}</span>' if unit else ""
        return f'<span class="money">{money(value, unit)}{named}</span>'

    return _unless_none(column, write, BLANK)


def _day(column: "Column", _is_live: bool) -> Inside:  # noqa: FBT001
    day = _macro("ui/values.html", "day")
    return _unless_none(column, lambda value, _row: day(value), BLANK)


def _moment(column: "Column", _is_live: bool) -> Inside:  # noqa: FBT001
    when = _macro("ui/values.html", "when")
    return _unless_none(column, lambda value, _row: when(value, short=column.is_short), BLANK)


def _own(column: "Column", is_live: bool) -> Inside:  # noqa: FBT001
    macro = _macro(*column.cell.split(":"))
    if not column.live:
        return macro
    return lambda row: macro(row, column.live.format(row) if is_live else "")


def _macro(template: str, name: str) -> Callable[..., str]:
    found: Callable[..., str] = getattr(
        current_app.jinja_env.get_template(template).module, name
    )
    return found


INSIDES: dict[str, Callable[["Column", bool], Inside]] = {
    "badge": _badge,
    "number": _number,
    "quantity": _quantity,
    "money": _money,
    "day": _day,
    "moment": _moment,
    "cell": _own,
}
