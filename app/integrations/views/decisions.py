"""What waits for a person: doubtful matches, records rejected, which side has precedence."""

from typing import Any

from flask import abort, request

from app.core.pages import Action, Resource
from app.integrations.forms import PrecedenceForm, precedence_form
from app.integrations.hub import queries
from app.integrations.hub.connector import connectors
from app.integrations.hub.models import Connection
from app.integrations.inbound import decisions
from app.integrations.inbound.catalog import catalog_targets
from app.integrations.views.blueprint import CHANGED, bp
from app.integrations.views.lists import OUTBOX, REJECTED
from app.integrations.views.matches import MATCHES

MATCHES.add_to(bp, "/<int:connection_id>/matches", "matches")
REJECTED.add_to(bp, "/<int:connection_id>/rejected", "rejected")
OUTBOX.add_to(bp, "/<int:connection_id>/outbox", "outbox")


def _form(connection: Connection) -> PrecedenceForm:
    form = precedence_form(connection, connectors()[connection.system].label)()
    if request.method == "POST" and not form.values["field_precedence"]:
        abort(400)
    return form


def _targets(connection: Connection) -> dict[str, Any]:
    return {"targets": catalog_targets(connection.system)}


UPDATE_FIELDS = Action(
    resource=Resource(
        name="connection",
        area="connections",
        query=queries.connection,
        rule="/<int:connection_id>",
        keys={"connection_id": "id"},
        event=CHANGED,
    ),
    name="update_fields",
    path="/fields",
    title="Field precedence",
    page_title="Field precedence · {0.name}",
    subtitle="Where both sides have a record: whose value stays. New records take theirs.",
    permission="integrations.manage",
    make=_form,
    act=decisions.set_field_precedence,
    done="Saved. Records follow in the background.",
    fields="connections/_fields.html",
    context=_targets,
    is_wide=True,
)
UPDATE_FIELDS.add_to(bp)
