"""One presentation, one punch: held cards repeat, ghosts come alone."""

import pytest

from bridge.debounce import Debounce, Sighting

CARD, OTHER = 0xE3086CED, 0x00B6D7B5


def test_a_card_left_on_the_reader_is_presented_once_and_said_again_within_each_minute() -> (
    None
):
    debounce = Debounce()
    told = [now for now in range(3600) if debounce.sighted(CARD, now)]
    assert told == [*range(0, 3600, 45)]


def test_what_is_said_again_is_not_presented_again() -> None:
    debounce = Debounce()
    told = [one for one in (debounce.sighted(CARD, now) for now in range(100)) if one]
    assert told == [Sighting(CARD), *[Sighting(CARD, is_held=True)] * 2]


def test_a_card_that_was_taken_away_is_presented_anew() -> None:
    debounce = Debounce()
    for now in range(20):
        debounce.sighted(CARD, now)
    assert debounce.sighted(CARD, 29.0) == Sighting(CARD)


def test_two_people_right_after_each_other_are_both_there() -> None:
    debounce = Debounce()
    assert debounce.sighted(CARD, 0.0)
    assert debounce.sighted(OTHER, 0.1)


def test_a_ghost_that_comes_once_is_nobody_and_does_not_stop_the_card() -> None:
    debounce = Debounce(confirmations=2)
    frames = [(OTHER, 0.0), (CARD, 0.1), (CARD, 0.2), (CARD, 0.3)]
    assert [one for one in (debounce.sighted(*frame) for frame in frames) if one] == [
        Sighting(CARD)
    ]
    assert debounce.counts["unconfirmed"] == 2


def test_two_equal_frames_far_apart_confirm_nothing() -> None:
    debounce = Debounce(confirmations=2)
    assert not debounce.sighted(CARD, 0.0)
    assert not debounce.sighted(CARD, 2.0)


@pytest.mark.parametrize("confirmations", [1, 2])
def test_what_could_not_be_kept_is_taken_with_the_next_frames(confirmations: int) -> None:
    debounce = Debounce(confirmations=confirmations)
    for now in range(confirmations):
        debounce.sighted(CARD, now * 0.1)
    debounce.forget(CARD)
    assert debounce.sighted(CARD, 0.2) == Sighting(CARD)
