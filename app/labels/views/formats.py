"""Pages of the company's own formats."""

from functools import partial

from flask import url_for
from sqlalchemy import Select

from app.core.pages import Action, Resource
from app.labels import queries, services
from app.labels.forms import FormatForm
from app.labels.models import LabelFormat
from app.labels.views.blueprint import bp
from app.labels.views.lists import FORMATS

FORMATS.add_to(bp, "/formats", "formats")


def _one(format_id: int) -> Select[LabelFormat]:
    return queries.formats().where(LabelFormat.id == format_id)


FORMAT = Resource(
    name="row",
    area="labels",
    query=_one,
    rule="/formats/<int:format_id>",
    keys={"format_id": "id"},
    shown_at="formats",
    listed_at="formats",
)

_verb = partial(
    Action,
    resource=FORMAT,
    permission="labels.manage",
    to=lambda _row: url_for("labels.formats"),
    leaves=True,
)
_written = partial(
    _verb, form=FormatForm, fields="labels/formats/_fields.html", is_wide=True, is_page=True
)

create_format = _written(
    name="create_format",
    is_new=True,
    title="New label format",
    act=services.create_format,
    done="{0.name} added.",
)
update_format = _written(
    name="update_format",
    title="Edit",
    heading="Edit {0.name}",
    subtitle="What was printed with it stays as it is.",
    act=services.revise_format,
    done="{0.name} saved.",
)
delete_format = _verb(
    name="delete_format",
    path="/delete",
    title="Delete",
    act=services.delete_format,
    done="{0.name} is deleted.",
)

for action in (create_format, update_format, delete_format):
    action.add_to(bp)
