"""What somebody has typed is never lost by a link: `data-unsaved`, see static/js/unsaved.js."""

import re
from pathlib import Path

FORM = re.compile(r"<form\b.*?(?:</form>|\Z)", re.DOTALL)
FIELD = re.compile(
    r"ui\.field\(|ui\.combobox|<textarea|<select|<input(?![^>]*type=\"hidden\")", re.DOTALL
)
# Forms in which there is nothing to lose, with the reason.
ASK_NOT = {
    "accounts/sessions/new.html": "nobody keeps a password",
    "accounts/sessions/second_step.html": "a code that is good for half a minute",
    "fulfilment/board/show.html": "whose pick task it is: one choice, beside its button",
    "fulfilment/pack/_inside.html": "a piece and its parcel, tapped on a tablet",
    "fulfilment/pack/_parcel.html": "on a tablet: what is scanned into it saves itself",
    "fulfilment/pack/_ship.html": "asks whether to ship",
    "labels/_repeat.html": "how often: one number beside its button",
    "pages/_bulk.html": "ticks of a list: what follows asks in a form of its own",
    "purchasing/tablet/_lot.html": "on a tablet: a scan answers it",
    "tablet/ui.html": "the field that a scanner types into, and the sheets of a tablet",
}


def typed_into() -> dict[str, bool]:
    """Templates with a form that takes typing, and whether each of theirs asks."""
    found: dict[str, bool] = {}
    for path in sorted(Path("templates").rglob("*.html")):
        for form in FORM.findall(path.read_text()):
            if 'method="post"' in form and FIELD.search(form):
                name = str(path.relative_to("templates"))
                found[name] = found.get(name, True) and "data-unsaved" in form
    return found


def test_every_form_that_takes_typing_asks_before_it_is_left() -> None:
    found = typed_into()

    assert found["imports/_mapping.html"]
    assert {name for name, asks in found.items() if not asks} == ASK_NOT.keys()
