"""Files that browsers keep until they change."""

from pathlib import Path

import pytest
from flask import Flask

from app.core.assets import asset, glyph


def test_a_page_names_files_by_what_is_in_them(app: Flask) -> None:
    page = app.test_client().get("/session/new").text

    with app.test_request_context():
        assert asset("css/tokens.css") in page


def test_a_named_version_is_kept_for_good(app: Flask) -> None:
    with app.test_request_context():
        address = asset("css/tokens.css")

    with app.test_client().get(address) as response:
        content, kept = response.data, response.headers["Cache-Control"]

    assert content == Path("static/css/tokens.css").read_bytes()
    assert kept == "public, max-age=31536000, immutable"


def test_modules_import_each_other_under_one_version_and_are_kept(app: Flask) -> None:
    client = app.test_client()
    with app.test_request_context():
        folder, _, name = asset("js/app.js").rpartition("/")
        assert asset("js/tablet/screen.js") == f"{folder}/tablet/screen.js"

    for module in (name, "dialog.js", "lines/editor.js"):
        with client.get(f"{folder}/{module}") as sent:
            assert sent.data == Path("static/js", module).read_bytes()
            assert "immutable" in sent.headers["Cache-Control"]
    with client.get("/static/js-000000000000/dialog.js") as older:
        assert older.data == Path("static/js/dialog.js").read_bytes()
        assert older.headers["Cache-Control"] == "no-cache"
    assert client.get(f"{folder}/../../config.py").status_code == 404
    assert client.get(f"{folder}/nothing.js").status_code == 404


def test_what_has_no_version_is_asked_for_again(app: Flask) -> None:
    client = app.test_client()

    with client.get("/static/js/dialog.js") as module:
        assert module.headers["Cache-Control"] == "no-cache"
    with client.get("/static/js/nothing.js?v=1") as missing:
        assert "immutable" not in str(missing.headers)


def test_an_icon_is_named_and_one_that_is_not_drawn_is_an_error(app: Flask) -> None:
    with app.test_request_context():
        assert f'<use href="{asset("icons.svg")}#truck">' in glyph("truck")
        with pytest.raises(KeyError):
            glyph("unicorn")
