"""When a punch was really made: clocks behind, ahead, jumping, and booted in the past."""

from datetime import UTC, datetime, timedelta

import pytest

from app.attendance.reckoning.clock import DeviceNow, Timed, repaired
from app.attendance.reckoning.credentials import card_number, hash_card, hash_finger

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
SET_UP = datetime(2026, 1, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def told(
    device_time: datetime,
    uptime: float | None = None,
    *,
    now: datetime | None = None,
    device_uptime: float | None = None,
    boot: str = "b",
    known: timedelta | None = None,
) -> Timed:
    device = DeviceNow(NOON, "b", now, device_uptime)
    return repaired(
        device_time,
        boot_id=boot,
        uptime=uptime,
        device=device,
        known_skew=known,
        earliest=SET_UP,
    )


def test_a_good_clock_is_believed_to_the_second() -> None:
    made = NOON - timedelta(hours=2, seconds=7)

    assert told(made, now=NOON + timedelta(seconds=90)).at == made


def test_a_clock_behind_by_a_day_is_put_right_by_now() -> None:
    found = told(NOON - DAY - HOUR, now=NOON - DAY)

    assert (found.at, found.skew, found.is_unsure) == (NOON - HOUR, -DAY, False)


def test_a_clock_that_jumped_an_hour_is_put_right_by_the_time_since_boot() -> None:
    """By `now` alone a punch from before the jump would be moved, too."""
    before = told(NOON - 2 * HOUR, 10_000, now=NOON + HOUR, device_uptime=17_200)
    after = told(NOON + HOUR / 2, 15_400, now=NOON + HOUR, device_uptime=17_200)

    assert before.at == NOON - 2 * HOUR
    assert after.at == NOON - HOUR / 2


def test_a_pi_that_booted_in_1970_is_put_right_once_its_clock_is_set() -> None:
    epoch = datetime(1970, 1, 1, 0, 5, tzinfo=UTC)

    assert told(epoch, 300, now=NOON, device_uptime=3_900).at == NOON - HOUR


def test_a_clock_that_is_off_by_a_life_puts_nothing_right() -> None:
    made = NOON - HOUR

    assert told(made, now=NOON.replace(year=9000)) == Timed(made, None)


def test_an_earlier_boot_is_put_right_by_what_was_measured_of_it() -> None:
    assert told(NOON - DAY, 50, now=NOON, boot="a", known=-HOUR).at == NOON - DAY + HOUR


@pytest.mark.parametrize("years", [-40, 1])
def test_a_time_that_cannot_be_is_flagged_and_not_guessed(years: int) -> None:
    impossible = NOON.replace(year=NOON.year + years)

    assert told(impossible, boot="a") == Timed(impossible, None, is_unsure=True)


@pytest.mark.parametrize(
    "read", ["0006299884", "6299884", str(0x62_0060_20EC), str(0x62_0060_20EC & 0xFFFFFFFF)]
)
def test_a_card_is_one_number_whatever_a_reader_makes_of_it(read: str) -> None:
    assert card_number(read) == 6_299_884


@pytest.mark.parametrize("read", ["", "0", "0000000000", str(1 << 32), "62E3086CED", "1" * 21])
def test_noise_is_no_card(read: str) -> None:
    with pytest.raises(ValueError, match="card"):
        card_number(read)


def test_one_slot_of_two_readers_is_two_fingers() -> None:
    assert hash_finger(b"k", 1, 7) != hash_finger(b"k", 2, 7)
    assert hash_card(b"k", 7) != hash_card(b"other", 7)
