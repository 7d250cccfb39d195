"""Text stays as people write it; only control characters are refused."""

import pytest

from app.core.texts import is_one_line, parse_line, parse_text


@pytest.mark.parametrize(
    "text",
    [
        "10\u00a0kg",
        "東京\u3000本社",
        "shake \U0001fae8",
        "family \U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "private \ue000",
        "not yet \U0001fadd",
    ],
)
def test_what_people_write_stays(text: str) -> None:
    assert (parse_line(text), parse_text(text), is_one_line(text)) == (text, text, True)


def test_a_line_is_one_line_and_a_text_has_several() -> None:
    written = " \u3000 one\t two\r\n\u2028three  "

    assert parse_line(written) == "one two three"
    assert parse_text(" a\n\tb\r\n ") == "a\n\tb"
    assert not is_one_line("a\nb")


@pytest.mark.parametrize(
    "letter", ["\0", "\x07", "\x0b", "\x1b", "\x7f", "\x85", "\ud800", "\uffff"]
)
def test_control_characters_are_refused_by_name(letter: str) -> None:
    with pytest.raises(ValueError, match=f"control character .U.{ord(letter):04X}"):
        parse_line(f"a{letter}b")
    with pytest.raises(ValueError, match="control character"):
        parse_text(f"a{letter}b")


def test_a_text_has_an_end() -> None:
    with pytest.raises(ValueError, match="At most 300 characters"):
        parse_line("x" * 301)
    with pytest.raises(ValueError, match="At most 10,000 characters"):
        parse_text("x" * 10_001)
