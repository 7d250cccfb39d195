"""The page of settings."""

from flask import Blueprint
from sqlalchemy import select
from werkzeug import Response

from app.core.audit import AuditEntry
from app.core.db import db
from app.core.pages import Action, Resource
from app.core.permissions import requires
from app.core.settings import services
from app.core.settings.definitions import Definition
from app.core.settings.forms import SettingsForm, settings_form
from app.core.slices import slices
from app.core.web import render

bp = Blueprint("settings", __name__, url_prefix="/settings")

SHOWN_CHANGES = 20


@bp.get("")
@requires("settings.edit")
def edit() -> Response:
    """Show all settings and their last changes."""
    version = services.settings_version()
    return _page(settings_form(data=services.all_settings() | {"version": version}))


def _page(form: SettingsForm, status: int = 200) -> Response:
    return render(
        "settings/edit.html",
        fragment="main",
        status=status,
        form=form,
        groups=_groups(),
        history=_last_changes(),
        labels={definition.key: definition.label for definition in slices().settings},
    )


def _refused(_settings: None, form: SettingsForm, status: int) -> Response:
    return _page(form, status)


SETTINGS = Resource(
    name="settings",
    area="settings",
    query=lambda: None,
    event="settings:changed",
    listed_at="edit",
)
update = Action(
    resource=SETTINGS,
    name="update",
    title="Company settings",
    permission="settings.edit",
    form=settings_form,
    page=_refused,
    act=services.set_settings,
    done="The settings are saved.",
)
update.add_to(bp)


def _groups() -> dict[str, list[Definition]]:
    groups: dict[str, list[Definition]] = {}
    for definition in slices().settings:
        groups.setdefault(definition.group, []).append(definition)
    return groups


def _last_changes() -> list[AuditEntry]:
    changes = select(AuditEntry).where(AuditEntry.record_type == "setting")
    newest = changes.order_by(AuditEntry.id.desc()).limit(SHOWN_CHANGES)
    return list(db.session.scalars(newest))
