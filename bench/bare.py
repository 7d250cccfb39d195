"""The limit: a bare Flask application that runs our SQL and gives our JSON, and nothing else.

No authentication, no validation, no transactions of services, no audit of its own: only
what the database is asked, taken from a recording, with the same number of commits.
"""

import json
import os
from pathlib import Path

from flask import Flask, Response, jsonify, request
from sqlalchemy import create_engine

import config
from app.search.indexes import STATEMENTS
from bench.recording import COMMIT, Parameter, Rows, Values, compiled

app = Flask(__name__)
engine = create_engine(
    os.environ["DATABASE_URL"], **config.from_environment()["SQLALCHEMY_ENGINE_OPTIONS"]
)


@app.get("/search")
def search() -> Response:
    """Answer as `GET /api/search/product_names` does."""
    term = request.args["q"]
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            STATEMENTS["product_names"], {"term": term, "most": 15}
        )
        columns = tuple(rows.keys())
        results = [dict(zip(columns, row, strict=True)) for row in rows]
    return jsonify(query=term, results=results, total=len(results))


@app.post("/adjustments")
def adjust() -> tuple[Response, int]:
    """Do what `POST /api/v1/inventory/adjustments` asks of the database."""
    asked: Values = request.get_json()
    rows: Rows = {}
    with engine.connect() as connection:
        for number, (sql, parameters) in enumerate(SCRIPT):
            if sql == COMMIT:
                connection.commit()
                continue
            result = connection.exec_driver_sql(sql, parameters(asked, rows))
            if result.returns_rows:
                rows[number] = next(iter(result.fetchall()), None)
    return jsonify(asked), 201


def read_script() -> list[tuple[str, Parameter]]:
    """Read the recording that `BENCH_SCRIPT` names; none, if there is none."""
    path = os.environ.get("BENCH_SCRIPT")
    lines = json.loads(Path(path).read_text()) if path else []
    return [(sql, compiled(reference)) for sql, reference in lines]


SCRIPT = read_script()
