"""The settings for programs."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import marshmallow as ma

from app.core.api import Blueprint, asked_version
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.settings import services
from app.core.settings.definitions import Definition
from app.core.slices import Slices

FIELDS: dict[type, Any] = {
    str: ma.fields.Str,
    int: partial(ma.fields.Int, strict=True),
    bool: ma.fields.Bool,
}


def _field(definition: Definition) -> ma.fields.Field[Any]:
    about = f"{definition.label} {definition.unit}. {definition.help}".replace(
        " .", "."
    ).strip()
    field: ma.fields.Field[Any] = FIELDS[definition.type](metadata={"description": about})
    return field


def _schema(definitions: Sequence[Definition]) -> type[ma.Schema]:
    fields: dict[str, Any] = {definition.key: _field(definition) for definition in definitions}
    fields["version"] = ma.fields.Int(metadata={"description": "Of all settings together"})
    return ma.Schema.from_dict(fields, name="SettingsSchema")


def settings_api(slices: Slices) -> Blueprint:
    """Make the calls for all settings that the slices bring."""
    bp = Blueprint(
        "settings_api",
        __name__,
        url_prefix="/api/v1/settings",
        description="What the company decides",
    )
    schema = _schema(slices.settings)

    @bp.get("")
    @requires("settings.edit")
    @bp.response(200, schema)
    def show() -> dict[str, Any]:
        """Give all settings."""
        return services.all_settings() | {"version": services.settings_version()}

    @bp.put("")
    @requires("settings.edit")
    @idempotent
    @bp.arguments(schema)
    @bp.response(200, schema)
    def update(body: dict[str, Any]) -> dict[str, Any]:
        """Change the settings that are named; the others stay as they are."""
        services.set_settings(version=asked_version(body), **body)
        return services.all_settings() | {"version": services.settings_version()}

    return bp
