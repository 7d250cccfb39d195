"""Regions that refresh themselves ask for one answer at a time, and for one after all news."""

import re
from pathlib import Path

import pytest

TEMPLATES = sorted(Path("templates").rglob("*.html"))
ELEMENT = re.compile(r"<[a-z][^<]*?>", re.DOTALL)


def elements(sign: str) -> list[tuple[str, str]]:
    """Find the elements that are written with a sign; a Jinja expression may be among them."""
    found = [(path, tag) for path in TEMPLATES for tag in ELEMENT.findall(path.read_text())]
    return [(str(path), tag) for path, tag in found if sign in tag]


@pytest.mark.parametrize(("path", "tag"), elements("opsroom:back"))
def test_a_region_that_comes_back_hears_news_too(path: str, tag: str) -> None:
    assert "opsroom:news" in tag


@pytest.mark.parametrize(("path", "tag"), elements("data-news"))
def test_news_name_regions_and_ask_for_nothing_themselves(path: str, tag: str) -> None:
    assert "hx-get" not in tag  # an older answer could take it away before it has asked
    assert re.search(r'data-news="(#(record|results|alerts)(, )?)+"', tag)
    assert " id=" in tag  # for pages that wait for it


@pytest.mark.parametrize(("path", "tag"), elements('hx-target="#results"'))
def test_who_else_fills_the_results_takes_its_turn(path: str, tag: str) -> None:
    assert 'id="results"' in tag or 'hx-sync="#results:replace"' in tag
