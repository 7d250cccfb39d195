"""Guessing is slow, and an attacker cannot lock out the owner."""

import time
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts import services
from app.accounts.models import SignInFailure, User, hash_secret
from app.accounts.services import attempts
from app.core.db import db
from tests.accounts.conftest import PASSWORD, WRONG, credentials

ATTACKER = "198.51.100.6"
OWNER = "203.0.113.7"


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not hash: these tests are about counting."""
    monkeypatch.setattr(User, "has_password", lambda _user, given: given == PASSWORD)
    monkeypatch.setattr(User, "needs_rehash", False)


def fail(name: str = "robin", address: str = ATTACKER, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(services.WrongPassword):
            services.authenticate(name, password=WRONG, address=address)


def fail_from_everywhere(name: str = "robin") -> None:
    """Fill the count of the name, from many addresses."""
    for number in range(attempts.PER_NAME):
        fail(name, f"198.51.100.{number}")


def attempt_under_way(user: User) -> None:
    """Count one that has not been refused yet: the count is over its limit for a moment."""
    db.session.add(SignInFailure(name_hash=hash_secret(f"user {user.id}"), address=ATTACKER))
    db.session.commit()


def refused(client: FlaskClient, address: str = OWNER, password: str = PASSWORD) -> bool:
    data = credentials(password=password)
    environ = {"REMOTE_ADDR": address}
    return client.post("/session", data=data, environ_overrides=environ).status_code == 429


def test_guessing_one_name_from_one_place_is_stopped(app: Flask, robin: User) -> None:
    fail(times=attempts.PER_NAME_AND_PLACE)

    assert refused(app.test_client(), ATTACKER)
    assert not refused(app.test_client(), OWNER)


def test_the_page_says_how_long_to_wait(app: Flask, robin: User) -> None:
    fail(address="127.0.0.1", times=attempts.PER_NAME_AND_PLACE)

    response = app.test_client().post("/session", data=credentials())

    assert response.status_code == 429
    assert "Please try again in 15 minutes." in response.text
    assert 0 < int(response.headers["Retry-After"]) <= 15 * 60


def test_a_program_hears_how_long_to_wait(app: Flask, robin: User) -> None:
    fail(address="127.0.0.1", times=attempts.PER_NAME_AND_PLACE)

    response = app.test_client().post(
        "/api/v1/auth/login", json={"username": "robin", "password": PASSWORD}
    )

    assert response.status_code == 429
    assert response.json is not None
    assert response.json["code"] == "too_many_attempts"
    assert int(response.headers["Retry-After"]) > 0


def test_a_username_and_an_email_share_one_count(app: Flask, robin: User) -> None:
    for name in ("robin", "ROBIN@example.com"):
        fail(name, times=attempts.PER_NAME_AND_PLACE // 2)

    assert refused(app.test_client(), ATTACKER)


def test_trying_many_names_from_one_place_is_stopped(app: Flask, robin: User) -> None:
    for number in range(attempts.PER_PLACE):
        fail(f"name {number}")

    assert refused(app.test_client(), ATTACKER)
    assert not refused(app.test_client(), OWNER)


def test_guessing_one_name_from_many_places_is_stopped(app: Flask, robin: User) -> None:
    fail_from_everywhere()

    assert refused(app.test_client(), "192.0.2.1")


def test_unknown_names_are_stopped_just_the_same(app: Flask) -> None:
    fail_from_everywhere("nobody")

    with pytest.raises(services.TooManyAttempts):
        services.authenticate("nobody", password=WRONG, address="192.0.2.1")


def test_an_attacker_cannot_lock_out_a_known_browser(app: Flask, robin: User) -> None:
    browser = app.test_client()
    assert not refused(browser)
    browser.post("/session/delete")

    fail_from_everywhere()
    attempt_under_way(robin)

    assert refused(app.test_client())
    assert not refused(browser)


def test_an_attacker_at_the_same_address_cannot_either(app: Flask, robin: User) -> None:
    browser = app.test_client()
    assert not refused(browser)

    fail(address=OWNER, times=attempts.PER_NAME_AND_PLACE)

    assert refused(app.test_client())
    assert not refused(browser)


def test_an_attacker_cannot_lock_out_the_address_of_a_known_program(robin: User) -> None:
    services.open_session(robin, origin=services.Origin(OWNER))

    fail_from_everywhere()

    assert services.authenticate("robin", password=PASSWORD, address=OWNER) is robin


def test_a_known_browser_may_not_guess_for_ever(app: Flask, robin: User) -> None:
    browser = app.test_client()
    assert not refused(browser)

    for _ in range(attempts.PER_NAME_AND_PLACE):
        assert not refused(browser, password=WRONG)

    assert refused(browser)


def test_a_browser_is_known_to_those_only_who_signed_in_with_it(
    app: Flask, robin: User, admin: User
) -> None:
    browser = app.test_client()
    browser.post("/session", data=credentials(name=admin.username))
    browser.post("/session/delete")

    fail_from_everywhere()

    assert refused(browser)


def test_two_people_may_share_a_tablet(app: Flask, robin: User, admin: User) -> None:
    browser = app.test_client()
    for name in ("robin", admin.username):
        browser.post("/session", data=credentials(name=name))
        browser.post("/session/delete")

    fail_from_everywhere()

    assert not refused(browser)


@pytest.mark.parametrize("value", ["", "forged", "WyJ4IixbMV1d.forged"])
def test_a_forged_device_cookie_makes_nothing_known(
    app: Flask, robin: User, value: str
) -> None:
    browser = app.test_client()
    browser.set_cookie("device", value)

    fail_from_everywhere()

    assert refused(browser)


def test_a_right_password_forgets_the_slips_before_it(robin: User) -> None:
    for _ in range(3):
        fail(address=OWNER, times=attempts.PER_NAME_AND_PLACE - 1)
        services.authenticate("robin", password=PASSWORD, address=OWNER)


def test_after_a_quarter_of_an_hour_there_is_room_again(robin: User, session: Session) -> None:
    fail(times=attempts.PER_NAME_AND_PLACE)
    long_ago = datetime.now(UTC) - attempts.WINDOW - timedelta(seconds=1)
    session.execute(update(SignInFailure).values(created_at=long_ago))

    assert services.authenticate("robin", password=PASSWORD, address=ATTACKER) is robin


def test_waiting_is_not_made_longer_by_trying(app: Flask, robin: User) -> None:
    fail(times=attempts.PER_NAME_AND_PLACE)

    for _ in range(5):
        assert refused(app.test_client(), ATTACKER)

    assert db.session.scalar(select(func.count()).select_from(SignInFailure)) == (
        attempts.PER_NAME_AND_PLACE
    )


def test_names_are_not_kept_in_the_clear(app: Flask) -> None:
    fail("my password by mistake")

    kept = db.session.scalars(select(SignInFailure.name_hash)).one()
    assert kept == hash_secret("name my password by mistake")


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (None, "nowhere"),
        ("unix", "unix"),
    ],
)
def test_an_address_stands_for_its_household(address: str | None, place: str) -> None:
    assert attempts.place_of(address) == place


def test_old_failures_are_deleted(robin: User, session: Session) -> None:
    fail(times=2)
    long_ago = datetime.now(UTC) - timedelta(days=2)
    session.execute(
        update(SignInFailure)
        .where(SignInFailure.id.in_(select(func.min(SignInFailure.id))))
        .values(created_at=long_ago)
    )

    services.delete_old_traces()

    assert session.scalar(select(func.count()).select_from(SignInFailure)) == 1


def slowly_right(_user: User, _password: str) -> bool:
    time.sleep(0.3)
    return True


@pytest.mark.committed
def test_many_programs_that_sign_in_at_once_are_told_to_come_back_in_a_moment(
    app: Flask, robin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "UNDER_WAY", timedelta(minutes=1))
    monkeypatch.setattr(User, "has_password", slowly_right)
    together = attempts.PER_NAME_AND_PLACE + 4
    barrier, entered, told = Barrier(together), [], []

    def sign_in() -> None:
        entered.append(services.authenticate("robin", password=PASSWORD, address=OWNER))

    def enter() -> None:
        with app.app_context():
            barrier.wait()
            try:
                sign_in()
            except services.TooManyAttempts as error:
                told.append(error.retry_after)

    threads = [Thread(target=enter) for _ in range(together)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(told) <= {attempts.A_MOMENT}
    for _ in told:  # a moment later there is room for each
        sign_in()
    assert len(entered) == together


@pytest.mark.committed
def test_guesses_sent_all_at_once_are_counted_too(app: Flask, robin: User) -> None:
    guesses = attempts.PER_NAME_AND_PLACE * 2
    barrier, heard = Barrier(guesses), []

    def guess() -> None:
        with app.app_context():
            barrier.wait()
            try:
                services.authenticate("robin", password=WRONG, address=ATTACKER)
            except (services.WrongPassword, services.TooManyAttempts) as error:
                heard.append(type(error))

    threads = [Thread(target=guess) for _ in range(guesses)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(heard) == guesses
    assert heard.count(services.WrongPassword) <= attempts.PER_NAME_AND_PLACE
