"""What every form has in common."""

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from wtforms import DecimalField, StringField

from app.core.errors import AlreadyExists, DomainError, Invalid
from app.core.forms import Form, VersionField, at_most_decimals
from app.core.versions import Conflict, StaleVersion


class Sample(Form):
    version = VersionField()
    name = StringField("Name")
    weight = DecimalField("Weight", [at_most_decimals(3)])


def sample(app: Flask, **entered: Any) -> Sample:
    with app.test_request_context("/", method="POST", data=entered):
        form = Sample()
        form.validate()
        return form


def test_what_was_entered_is_ready_for_a_service(app: Flask) -> None:
    form = sample(app, name="Oat drink", weight="1.250", version="3")

    assert form.values == {"name": "Oat drink", "weight": Decimal("1.250"), "version": 3}


@pytest.mark.parametrize(
    ("weight", "reason"),
    [
        ("1.2345", "At most 3 decimals."),
        ("NaN", "This is not a number."),
        ("Infinity", "This is not a number."),
    ],
)
def test_a_number_that_would_be_rounded_is_refused(
    app: Flask, weight: str, reason: str
) -> None:
    assert sample(app, weight=weight).weight.errors == [reason]


@pytest.mark.parametrize(
    "error", [Invalid("name", "Too long."), AlreadyExists("name", "Taken.")]
)
def test_a_refusal_stands_beside_its_field(app: Flask, error: DomainError) -> None:
    form = sample(app, name="Oat", weight="1")

    assert form.refuse(error) == 422
    assert form.name.errors == [str(error)]
    assert form.form_errors == []


def test_a_refusal_of_no_field_stands_above_the_form(app: Flask) -> None:
    form = sample(app, name="Oat", weight="1")

    assert form.refuse(Invalid("colour", "There is no red one.")) == 422
    assert form.form_errors == ["There is no red one."]


def test_a_stale_version_takes_the_new_one_so_that_saving_again_is_a_decision(
    app: Flask,
) -> None:
    form = sample(app, name="Oat", weight="1", version="3")
    stale = StaleVersion({"name": Conflict("Rye", "Oat")}, version=7)

    assert form.refuse(stale) == 409
    assert (form.version.data, form.seen) == (3, 7)  # what is sent is still based on 3
    assert form.conflicts == {"name": ("Rye", "Oat")}
