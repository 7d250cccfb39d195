"""An application in this process: its tables, its data, and somebody who may do everything."""

import json
import re
import secrets
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask
from flask_migrate import upgrade

import config
from app import create_app
from app.accounts import services as accounts
from app.core.db import db
from app.setup import install
from bench import data
from bench.cases import ADJUSTMENTS, SPREAD, adjustment
from bench.recording import Step, recording, script

PRODUCTS, CUSTOMERS = 100_000, 20_000


class Prepared(NamedTuple):
    """The application, and what lets the clients in."""

    app: Flask
    token: str
    cookie: str


def prepare(*, products: int = PRODUCTS, customers: int = CUSTOMERS) -> Prepared:
    """Make the tables, fill them, and sign somebody in."""
    app = create_app(config.from_environment())
    password = secrets.token_urlsafe()
    with app.app_context():
        upgrade("migrations")
        install()
        accounts.create_user(
            "bench", email="bench@example.com", name="Bench", password=password, role="admin"
        )
        connection: Any = db.engine.raw_connection()
        data.load(connection.driver_connection, products=products, customers=customers)
        connection.close()
        db.session.remove()
        db.engine.dispose()
    return Prepared(app, _access_token(app, password), _cookie(app, password))


def write_script(prepared: Prepared, path: Path) -> None:
    """Record two adjustments, and write down what the limit has to do for any other."""
    recordings = []
    with prepared.app.app_context():
        engine = db.engine
    # Not among those that are measured. The first finds what a process then remembers.
    for number in range(SPREAD, SPREAD + 3):
        body = json.loads(adjustment(number))
        with recording(engine) as steps:
            answer = prepared.app.test_client().post(
                ADJUSTMENTS, json=body, headers={"Authorization": f"Bearer {prepared.token}"}
            )
        if answer.status_code != HTTPStatus.CREATED:
            raise RuntimeError(answer.get_data(as_text=True))
        named = {"product_id": body["product_id"], "location_id": body["location_id"]}
        recordings.append((named, [step for step in steps if not _asks_who(step)]))
    path.write_text(json.dumps(script(*recordings[1:]), default=str))
    engine.dispose()


def _asks_who(step: Step) -> bool:
    """Tell the question who is asking, which the limit does not put."""
    return step.sql.startswith("SELECT") and "user_account" in step.sql


def _access_token(app: Flask, password: str) -> str:
    asked = {"username": "bench", "password": password}
    answer = app.test_client().post("/api/v1/auth/login", json=asked)
    return str(answer.get_json()["access_token"])


def _cookie(app: Flask, password: str) -> str:
    """Sign in by the form, as a browser does."""
    client = app.test_client()
    page = client.get("/session/new").get_data(as_text=True)
    token = re.findall(r'name="csrf_token"\s+value="([^"]+)"', page)[0]
    filled = {"csrf_token": token, "name": "bench", "password": password}
    answer = client.post("/session", data=filled)
    cookie = client.get_cookie("session")
    if answer.status_code != HTTPStatus.SEE_OTHER or cookie is None:
        raise RuntimeError("The form did not let us in.")
    return f"session={cookie.value}"
