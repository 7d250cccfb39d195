"""No other site can make a signed-in person's browser change something."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.accounts.models import EVERYTHING
from tests.conftest import SignIn

# No browser calls these: a signature over the body says who does.
SIGNED = {"webhooks.create"}


def test_every_form_is_refused_without_its_token(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(EVERYTHING)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", value=True)

    answers = {
        rule.endpoint: client.post(_address(app, rule)).status_code
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
        and not rule.rule.startswith("/api/")
        and rule.endpoint not in SIGNED
    }

    assert len(answers) > 30
    assert {name: status for name, status in answers.items() if status != 400} == {}


def _address(app: Flask, rule: Rule) -> str:
    """An address of a rule; what it names need not be there."""
    with app.test_request_context():
        return app.url_map.bind("localhost").build(
            rule.endpoint, dict.fromkeys(rule.arguments, 1), method="POST"
        )
