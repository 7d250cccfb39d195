"""What an administrator decides for the whole company."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core.audit import AuditEntry
from app.core.settings import SETTINGS, set_settings, setting, settings_version
from app.core.settings.services import UnfitSettings
from app.core.versions import StaleVersion


def test_a_setting_that_nobody_made_has_its_default() -> None:
    assert setting("default_location") == "MAIN-01"


def test_every_default_fits_its_own_definition() -> None:
    assert [entry.refusal(entry.default) for entry in SETTINGS] == [None] * len(SETTINGS)


def test_a_change_is_seen_at_once() -> None:
    assert setting("currency") == "USD"

    set_settings(currency="EUR", self_registration=True)

    assert (setting("currency"), setting("self_registration")) == ("EUR", True)


def test_settings_are_read_once_in_a_request(queries: list[str]) -> None:
    setting("currency")
    setting("time_zone")

    assert len(queries) == 1


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("currency", "EURO"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../etc/passwd"),
        ("company_name", "  "),
        ("company_name", "two\nlines"),
        ("default_location", "no spaces"),
        ("session_hours", 0),
        ("session_hours", "12"),
        ("session_hours", True),
        ("self_registration", "yes"),
        ("colour", "red"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name(key: str, value: Any) -> None:
    with pytest.raises(UnfitSettings) as refused:
        set_settings(**{key: value})

    assert list(refused.value.fields) == [key]


def test_a_refused_setting_keeps_the_others_as_they_were() -> None:
    with pytest.raises(UnfitSettings):
        set_settings(company_name="Roast & Co", currency="?")

    assert setting("company_name") == "My company"


def test_a_change_of_old_settings_hears_both_values() -> None:
    version = settings_version()
    set_settings(version=version, currency="EUR")

    with pytest.raises(StaleVersion) as refused:
        set_settings(version=version, currency="CHF", session_hours=12)

    assert refused.value.conflicts == {"currency": ("EUR", "CHF")}


def test_a_change_is_audited(session: Session) -> None:
    set_settings(session_hours=8)
    set_settings(session_hours=9)

    entries = session.query(AuditEntry).filter_by(record_type="setting").order_by("id").all()
    assert [(e.label, e.changes) for e in entries] == [
        ("session_hours", {"value": ["", "8"]}),
        ("session_hours", {"value": ["8", "9"]}),
    ]
