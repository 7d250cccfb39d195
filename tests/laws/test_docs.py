"""Pages of documentation: what they point at is there."""

import re
from pathlib import Path

PAGES = [*Path().glob("*.md"), *Path("docs").rglob("*.md")]
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
NAMED_TEST = re.compile(r"`([\w/]+\.py)::(\w+)`")
DECISION = re.compile(
    r"# \d+\. .+\n\nMade \d{4}-\d{2}-\d{2}.*\n\n"
    r"## Context\n(?s:.+)\n## Decision\n(?s:.+)\n## Consequences\n"
)


def test_every_link_between_pages_leads_somewhere() -> None:
    links = [(page, link) for page in PAGES for link in LINK.findall(page.read_text())]
    inside = [(page, link) for page, link in links if not link.startswith("https://")]

    assert [(page, link) for page, link in inside if not (page.parent / link).exists()] == []
    assert len(inside) > 20


def test_every_decision_is_listed_dated_and_has_its_reasons() -> None:
    place = Path("docs/adr")
    decisions = [page for page in sorted(place.glob("*.md")) if page.name != "README.md"]
    listed = LINK.findall((place / "README.md").read_text())

    assert listed == [page.name for page in decisions]
    assert [page for page in decisions if not DECISION.match(page.read_text())] == []


def test_every_test_that_the_security_page_names_is_there() -> None:
    named = NAMED_TEST.findall(Path("docs/security.md").read_text())

    gone = [
        (file, name)
        for file, name in named
        if f"def {name}(" not in (Path("tests") / file).read_text()
    ]
    assert gone == []
    assert len(named) > 50
