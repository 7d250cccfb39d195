"""What `make mutants` breaks is listed by hand: what moves has to move there, too."""

from pathlib import Path

import pytest

from tests.mutation.__main__ import all_of
from tests.mutation.targets import TARGETS, Target


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.path)
def test_a_target_has_something_to_break_and_tests_to_notice(target: Target) -> None:
    missing = [name for name in (target.path, *target.tests) if not Path(name).exists()]

    assert missing == []
    assert list(all_of(target))
