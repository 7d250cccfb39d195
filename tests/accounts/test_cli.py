"""`flask users ...`"""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import services
from app.accounts.cli import group
from app.accounts.jobs import forget_sign_ins
from app.accounts.models import ApiToken, SignInFailure, User, hash_secret
from app.setup import setup
from tests.accounts.conftest import PASSWORD

MAIL = "kim@example.com"


def run(app: Flask, *command: str, stdin: str = "") -> Result:
    info = ScriptInfo(create_app=lambda: app)
    return CliRunner().invoke(group, list(command), obj=info, input=stdin)


def test_a_user_is_made_with_a_password_from_stdin(app: Flask) -> None:
    command = ["create", "kim", "--email", MAIL, "--role", "admin", "--password-stdin"]

    result = run(app, *command, stdin=f"{PASSWORD}\n")

    assert result.exit_code == 0
    assert PASSWORD not in result.output
    user = services.authenticate("kim", password=PASSWORD)
    assert (user.email, user.role.name, user.name) == (MAIL, "admin", "kim")


def test_without_one_a_password_is_made_and_shown(app: Flask) -> None:
    result = run(app, "create", "kim", "--email", MAIL, "--name", "Kim")

    password = result.output.split()[-1]
    user = services.authenticate("kim", password=password)
    assert (user.name, user.role.name) == ("Kim", "user")


@pytest.mark.parametrize(
    ("command", "stdin", "reason"),
    [
        (["robin", "--email", MAIL], PASSWORD, "Somebody has this username."),
        (
            ["kim", "--email", "ROBIN@example.com"],
            PASSWORD,
            "Somebody has this e-mail address.",
        ),
        (["kim", "--email", MAIL, "--role", "king"], PASSWORD, "There is no such role."),
        (["kim", "--email", MAIL], "short", "12 to 200 characters"),
        (["kim", "--email", MAIL], "", "12 to 200 characters"),
    ],
)
def test_a_user_that_does_not_fit_is_refused_plainly(
    app: Flask, robin: User, command: list[str], stdin: str, reason: str
) -> None:
    result = run(app, "create", *command, "--password-stdin", stdin=stdin)

    assert result.exit_code == 1
    assert reason in result.output
    assert "Traceback" not in result.output


def test_a_password_is_set(app: Flask, robin: User, session: Session) -> None:
    given = "another long password"

    result = run(app, "set-password", "robin", "--password-stdin", stdin=given)

    assert result.exit_code == 0
    session.expire_all()
    assert services.authenticate("robin", password=given) is robin


def test_a_weak_password_is_not_set(app: Flask, robin: User) -> None:
    result = run(app, "set-password", "robin", "--password-stdin", stdin="robin")

    assert result.exit_code == 1


@pytest.mark.parametrize("command", [["set-password", "no"], ["create-token", "no", "till"]])
def test_a_user_there_is_not_is_said_plainly(app: Flask, command: list[str]) -> None:
    result = run(app, *command)

    assert result.exit_code == 1
    assert "There is no user no." in result.output


def test_a_token_is_shown_once(app: Flask, robin: User, session: Session) -> None:
    result = run(app, "create-token", "robin", "till")

    token = session.scalars(select(ApiToken)).one()
    assert token.token_hash == hash_secret(result.output.strip())


def test_users_are_listed_with_role_and_state(app: Flask, robin: User) -> None:
    result = run(app, "list")

    assert f"robin\trobin@example.com\t{robin.role.name}\tactive" in result.output


def test_the_first_administrator_is_shown_once(app: Flask) -> None:
    info = ScriptInfo(create_app=lambda: app)

    first, second = (CliRunner().invoke(setup, obj=info) for _ in range(2))

    assert "Sign in as admin, password" in first.output
    assert second.output == ""


def test_old_sign_ins_are_forgotten_by_a_job(app: Flask, session: Session) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=2)
    session.add(SignInFailure(name_hash="x", address="x", created_at=long_ago))
    session.commit()

    forget_sign_ins()

    assert session.scalars(select(SignInFailure)).all() == []
