"""Formats and printers of labels for programs."""

from typing import Any

import pytest

from app.labels import services
from tests.labels.conftest import ROOT, Call, data

FORMATS, PRINTERS = f"{ROOT}/formats", f"{ROOT}/printers"
JARS: dict[str, Any] = {
    "name": "Jars",
    "kind": "sheet",
    "label_width": "60",
    "label_height": "40.5",
    "columns": 3,
    "pitch_x": "62",
}


def test_a_format_is_made_changed_used_and_removed(call: Call) -> None:
    made = call("POST", FORMATS, JARS)
    at = made.headers["Location"]
    changed = call("PUT", at, {"rows": 2, "pitch_y": "45", "version": 1})
    [listed] = [one for one in data(call("GET", FORMATS))["items"] if one["id"]]

    assert made.status_code == 201
    assert (data(made)["page_width"], data(made)["dpi"]) == ("210", 300)
    assert (data(changed)["rows"], data(changed)["columns"], data(changed)["version"]) == (
        *(2, 3, 2),
    )
    assert (listed["name"], listed["width"], listed["height"], listed["cells"]) == (
        *("Jars", 60.0, 40.5, 6),
    )
    assert data(call("PUT", at, {"rows": 3, "version": 1}))["fields"].keys() >= {"rows"}
    assert call("DELETE", at).status_code == 204
    assert call("GET", at).status_code == 404
    assert services.find_format("Jars") is None


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({"name": "l7160"}, 409, "name"),
        ({"name": ""}, 422, "name"),
        ({"pitch_x": "59"}, 422, "pitch_x"),
        ({"columns": 4}, 422, "page_width"),
        ({"label_width": "5"}, 422, "label_width"),
        ({"label_width": "60.001"}, 422, "label_width"),
        ({"label_height": "-1"}, 422, "label_height"),
        ({"label_height": 1e300}, 422, "label_height"),
        ({"kind": "book"}, 422, "kind"),
        ({"dpi": 72}, 422, "dpi"),
    ],
)
def test_a_format_that_does_not_fit_is_refused(
    call: Call, wrong: dict[str, Any], status: int, field: str
) -> None:
    answer = call("POST", FORMATS, JARS | wrong)

    assert (answer.status_code, [*data(answer)["fields"]]) == (status, [field])


def test_a_printer_is_made_changed_and_removed(call: Call) -> None:
    made = call("POST", PRINTERS, {"name": "Zebra", "dpi": 203, "format": "l7160"})
    at = made.headers["Location"]
    changed = call("PUT", at, {"offset_x": "-1.25"})

    assert (data(made)["format"], data(made)["offset_x"]) == ("L7160", "0")
    assert (data(changed)["offset_x"], data(changed)["dpi"]) == ("-1.25", 203)
    assert [one["name"] for one in data(call("GET", PRINTERS))["items"]] == ["Zebra"]
    assert call("POST", PRINTERS, {"name": "zebra", "dpi": 203}).status_code == 409
    for wrong, field in (
        ({"offset_y": "10.01"}, "offset_y"),
        ({"format": "none"}, "format"),
        ({"dpi": 1}, "dpi"),
    ):
        assert [*data(call("PUT", at, wrong))["fields"]] == [field]
    assert call("DELETE", at).status_code == 204
    assert call("GET", at).status_code == 404


@pytest.mark.parametrize("root", [FORMATS, PRINTERS])
def test_who_only_prints_changes_neither(call: Call, root: str) -> None:
    may = ("labels.view", "labels.print")

    assert call("POST", root, {}, permissions=may).status_code == 403
    assert call("PUT", f"{root}/1", {}, permissions=may).status_code == 403
    assert call("DELETE", f"{root}/1", permissions=may).status_code == 403
