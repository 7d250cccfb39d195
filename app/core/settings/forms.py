"""The form of all settings, made from their definitions."""

from typing import Any

from wtforms import BooleanField, Field, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired

from app.core.currencies import CURRENCIES
from app.core.forms import Form, VersionField
from app.core.settings.definitions import Definition
from app.core.slices import slices


def _field(definition: Definition) -> Field:
    about = {"label": definition.label, "description": definition.help}
    if definition.type is bool:
        return BooleanField(**about)
    if definition.key == "currency":
        return SelectField(**about, choices=sorted(CURRENCIES))
    if definition.type is str and definition.refusal("") is None:
        return StringField(**about, filters=[_text])
    kind: Any = IntegerField if definition.type is int else StringField
    return kind(**about, validators=[InputRequired("Please fill this in.")])


def _text(typed: str | None) -> str:
    """A field that may stay empty gives the empty text, also when it was not sent."""
    return (typed or "").strip()


class SettingsForm(Form):
    """One field for each setting, by its key: `settings_form` adds them."""

    version = VersionField()


def settings_form(**values: Any) -> SettingsForm:
    """Make the form of all settings that the slices bring."""
    fields = {definition.key: _field(definition) for definition in slices().settings}
    form: SettingsForm = type("SettingsForm", (SettingsForm,), fields)(**values)
    return form
