"""What may be seconds old."""

import time
from itertools import count

import pytest
from flask import Flask

from app.core.cache import cached


@pytest.fixture(autouse=True)
def forgetful(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions, "cache", {})


def test_it_is_worked_out_once_in_a_while(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "CACHE_SECONDS", 10)
    numbers = count(1)

    first, second = (cached("n", lambda: next(numbers)) for _ in range(2))
    later = time.monotonic() + 11
    monkeypatch.setattr(time, "monotonic", lambda: later)
    third = cached("n", lambda: next(numbers))

    assert (first, second, third) == (1, 1, 2)


def test_each_name_is_remembered_by_itself(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "CACHE_SECONDS", 10)

    assert cached("a", lambda: "a") == "a"
    assert cached("b", lambda: "b") == "b"
