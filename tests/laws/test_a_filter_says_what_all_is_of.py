"""Several selects that say "All" side by side say nothing: each names what it is all of."""

from flask import Flask

from app.core.pages.filters import Choice, Reference
from app.core.pages.lists import lists


def test_each_select_names_what_it_is_all_of(app: Flask) -> None:
    with app.test_request_context():
        selects = [
            (name, one.name, one.everything or one.all_of_it)
            for name, known in lists().items()
            for one in known.page.filters
            if isinstance(one, Choice | Reference) and one.control == "select"
        ]

    assert len(selects) > 40
    assert [select for select in selects if select[2] in {"All", "Any", "Everything"}] == []
