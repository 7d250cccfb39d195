"""What is mirrored is read back as it is, whatever numbers a shop writes."""

import json

import pytest

from app.integrations.inbound.applying import decode


@pytest.mark.parametrize(
    "payload",
    [
        '{"price": 0.1, "quantity": 12.340}',
        '{"id": 123456789012345678901234567890}',
        '{"price": 1e400}',  # no float holds it, and no other record waits for that
    ],
)
def test_it_is_what_the_driver_would_have_read(payload: str) -> None:
    assert decode(payload) == json.loads(payload)
