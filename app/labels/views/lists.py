"""The lists of what was printed, of formats and of printers."""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from flask import url_for
from flask_login import current_user
from sqlalchemy import Select

from app.core.db import db
from app.core.pages import (
    Asked,
    Choice,
    Column,
    Link,
    ListPage,
    Nothing,
    Search,
    Segments,
)
from app.core.permissions import may
from app.labels import queries, services
from app.labels.drawing.formats import BUILT_IN, Format
from app.labels.models import LabelBatch, LabelPrinter

PRINT = Link(
    label="Print labels",
    endpoint="labels.new",
    permission="labels.print",
    kind="primary",
    icon="barcode",
)
_new = partial(Link, permission="labels.manage", kind="primary", icon="plus")
NEW_FORMAT = _new(label="New format", endpoint="labels.new_format")
NEW_PRINTER = _new(label="New printer", endpoint="labels.new_printer")


class ListedFormat(NamedTuple):
    """A format of the list: our own ones may be changed."""

    format: Format
    id: int | None = None


def _crumbs(_about: Any) -> list[tuple[str, str]]:
    return [("Labels", url_for("labels.index"))]


def _batches(asked: Asked) -> Select[Any]:
    return queries.batches(
        search=asked["search"],
        format_name=asked["format"],
        actor_id=current_user.id if asked["mine"] else None,
    )


def _format_choices() -> list[tuple[str, str]]:
    return [(key, one.label) for key, one in services.all_formats().items()]


def _formats(asked: Asked) -> Sequence[ListedFormat]:
    own = [ListedFormat(row.format, row.id) for row in db.session.scalars(queries.formats())]
    known = [ListedFormat(one) for one in BUILT_IN.values()]
    return {"own": own, "built_in": known}.get(asked["origin"], [*own, *known])


def _printers(_asked: Asked) -> Sequence[tuple[LabelPrinter, str]]:
    formats = services.all_formats()
    return [
        (printer, formats[printer.format].label if printer.format in formats else "—")
        for printer in db.session.scalars(queries.printers())
    ]


def _edit_format(row: ListedFormat) -> str | None:
    is_ours = row.id is not None and may("labels.manage")
    return url_for("labels.edit_format", format_id=row.id) if is_ours else None


def _edit_printer(row: tuple[LabelPrinter, str]) -> str | None:
    printer, _format = row
    is_open = may("labels.manage")
    return url_for("labels.edit_printer", printer_id=printer.id) if is_open else None


def _actions(cell: str) -> Column:
    return Column(
        name="actions",
        title="Actions",
        kind="cell",
        cell=f"labels/_cells.html:{cell}",
        place="action",
        is_unseen=True,
        is_exported=False,
    )


BATCHES = ListPage(
    name="labels",
    title="Labels",
    subtitle="What was printed; every batch prints again.",
    permission="labels.view",
    query=_batches,
    key=LabelBatch.id,
    sort="-id",
    href=lambda batch: url_for("labels.show", batch_id=batch.id),
    filters=(
        Search(label="Code on a label"),
        Choice(
            name="format",
            label="Format",
            options=_format_choices,
            everything="All formats",
        ),
        Segments(name="mine", label="Whose", options={"1": "Mine"}),
    ),
    columns=(
        Column(
            name="title",
            title="Labels",
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="state",
            title="State",
            kind="cell",
            cell="labels/_cells.html:state",
            place="status",
        ),
        Column(name="format", title="Format", value="format_name"),
        Column(name="labels", title="Printed", kind="number", place="figure"),
        Column(name="pages", title="Pages", kind="number", place="desk"),
        Column(name="failed", title="Failed", kind="number"),
        Column(name="actor", title="By", place="meta"),
        Column(
            name="id",
            title="Asked at",
            kind="moment",
            value="created_at",
            sort=LabelBatch.id,
        ),
    ),
    links=(
        Link(label="Formats", endpoint="labels.formats", icon="columns"),
        Link(label="Printers", endpoint="labels.printers", icon="print"),
        PRINT,
    ),
    unmatched=Nothing(
        title="Nothing matches.",
        advice="Try fewer letters or another format.",
        action="Show all",
    ),
    nothing=Nothing(
        title="No labels printed yet.",
        advice="Choose products or locations, a sheet or a roll, and print.",
        link=PRINT,
        icon="barcode",
    ),
)

FORMATS = ListPage(
    name="label-formats",
    title="Label formats",
    subtitle="Sheets and rolls that labels are printed on.",
    permission="labels.view",
    query=_formats,
    crumbs=_crumbs,
    href=_edit_format,
    filters=(
        Segments(
            name="origin",
            label="Whose",
            options={"own": "Our own", "built_in": "Known from the start"},
        ),
    ),
    columns=(
        Column(
            name="label",
            title="Format",
            value="format.label",
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="origin",
            title="Whose",
            kind="badge",
            value=lambda row: "Our own" if row.id else "",
            place="status",
        ),
        Column(
            name="kind",
            title="Kind",
            value=lambda row: "Sheet" if row.format.is_sheet else "Roll",
        ),
        Column(name="measures", title="Label", value="format.measures"),
        Column(
            name="cells",
            title="On a page",
            kind="number",
            value="format.cells",
            place="figure",
        ),
        Column(
            name="dpi",
            title="Resolution",
            value=lambda row: f"{row.format.dpi} dpi",
            place="meta",
        ),
        _actions("format_actions"),
    ),
    links=(NEW_FORMAT,),
    unmatched=Nothing(
        title="No formats of our own.",
        advice="Measure a sheet or a roll that is not known from the start.",
        action="Show all",
        icon="columns",
    ),
    nothing=Nothing(title="No formats.", advice="", link=NEW_FORMAT, icon="columns"),
)

PRINTERS = ListPage(
    name="label-printers",
    title="Label printers",
    subtitle="Their resolution, and by how much each misses the labels.",
    permission="labels.view",
    query=_printers,
    crumbs=_crumbs,
    href=_edit_printer,
    columns=(
        Column(
            name="name",
            title="Printer",
            value=lambda row: row[0].name,
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="dpi",
            title="Resolution",
            value=lambda row: f"{row[0].dpi} dpi",
            place="meta",
        ),
        Column(
            name="offset",
            title="Offset right / down",
            kind="cell",
            cell="labels/_cells.html:offset",
            value=lambda row: f"{row[0].offset_x} / {row[0].offset_y}",
            label="Offset",
        ),
        Column(name="format", title="Usual format", value=lambda row: row[1]),
        _actions("printer_actions"),
    ),
    links=(NEW_PRINTER,),
    nothing=Nothing(
        title="No printers yet.",
        advice="Add one to keep its resolution and its offset. Labels print without, too.",
        link=NEW_PRINTER,
        icon="print",
    ),
)
