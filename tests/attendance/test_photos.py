"""Photos of employees: written anew, shown, printed on cards, and gone once removed."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.attendance import services
from app.attendance.models import Employee
from app.core.errors import Invalid
from app.core.files import StoredFile
from app.core.pictures import written_anew
from app.labels.drawing.contents import LabelContent
from app.labels.drawing.placing import place
from app.labels.subjects import SUBJECTS, LabelOptions
from tests.attendance.conftest import bearer
from tests.conftest import SignIn

CARD_SIZE = (85.0, 54.0)
ORIENTATION, MAKER = 0x0112, 0x010F


def photo(
    size: tuple[int, int] = (40, 20), *, kind: str = "JPEG", turned: bool = False
) -> bytes:
    """A picture whose upper left part is red; a camera that was turned says so beside it."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    exif, file = Image.Exif(), BytesIO()
    exif[MAKER] = "Someones camera"
    if turned:
        exif[ORIENTATION] = 6  # the right side is up
    picture.save(file, kind, exif=exif)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_written_anew_small_upright_and_without_what_the_camera_noted(
    kind: str,
) -> None:
    anew = written_anew(photo((400, 200), kind=kind, turned=True), side=100)

    with Image.open(BytesIO(anew)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (50, 100))
        red, _green, blue = picture.getpixel((25, 10))  # type: ignore[misc]
        assert (red > 200, blue > 60) == (True, False)
        assert not picture.getexif()
    assert b"camera" not in anew


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\nno picture",
        photo()[:200],
        b"GIF89a" + b"\0" * 100,
        b"\0" * (10 * 1024**2 + 1),
    ],
)
def test_what_is_no_picture_is_refused(ada: Employee, content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        services.set_photo(ada.id, photo=content)
    assert refused.value.fields.keys() == {"photo"}


def test_a_photo_is_set_shown_replaced_and_removed_on_a_page(
    ada: Employee, sign_in: SignIn, session: Session
) -> None:
    office = sign_in("employees.view", "employees.edit")

    def send() -> Any:
        data = {"photo": (BytesIO(photo()), "ada.png")}
        return office.post(f"/employees/{ada.id}/photo", data=data)

    assert send().status_code == 303
    session.refresh(ada)
    first = ada.photo_id
    assert f"/employees/{ada.id}/photo?v={first}" in office.get(f"/employees/{ada.id}").text
    shown = office.get(f"/employees/{ada.id}/photo?v={first}")
    assert shown.content_type == "image/jpeg"
    assert "immutable" in shown.headers["Cache-Control"]

    send()
    assert session.scalars(select(StoredFile.id).where(StoredFile.id == first)).all() == []
    office.post(f"/employees/{ada.id}/photo/removal")
    assert office.get(f"/employees/{ada.id}/photo").status_code == 404
    assert session.scalars(select(StoredFile.id)).all() == []
    assert sign_in("attendance.view").get(f"/employees/{ada.id}/photo").status_code == 403


def test_a_program_sets_and_removes_a_photo(ada: Employee, app: Flask) -> None:
    headers, address = (
        bearer("employees.view", "employees.edit"),
        "/api/v1/enrollment/employees",
    )

    client = app.test_client()

    def send(content: bytes) -> Any:
        data = {"photo": (BytesIO(content), "ada.jpg")}
        return client.post(f"{address}/{ada.id}/photo", data=data, headers=headers)

    assert "photo" in send(b"no picture").get_json()["fields"]
    made = send(photo()).get_json()
    assert made["photo_url"].startswith("/files/")
    assert client.delete(f"{address}/{ada.id}/photo", headers=headers).status_code == 204
    assert client.get(f"{address}/{ada.id}", headers=headers).get_json()["photo_url"] is None


def test_a_card_has_the_photo_left_of_all_the_rest(ada: Employee) -> None:
    services.set_photo(ada.id, photo=photo())
    [content] = SUBJECTS["employee_number"].contents(["1"], LabelOptions()).values()
    assert isinstance(content, LabelContent)
    assert content.picture == ada.photo_id

    label = place(content, size=CARD_SIZE, symbology="code128", dpi=300)
    places = label.layout

    assert places.picture is not None
    right = places.picture.left + places.picture.width
    assert right < min(places.title.left, places.symbol.left)  # type: ignore[union-attr]
    dots_per_mm = 300 / 25.4
    assert min(bar.left for bar in label.bars) > right * dots_per_mm
    again = place(LabelContent.of(content.values), size=CARD_SIZE, symbology="qr", dpi=300)
    assert again.layout.picture is not None


def test_where_code_and_photo_do_not_both_fit_the_photo_gives_way() -> None:
    content = LabelContent(code="A-VERY-LONG1", title="Ada", picture=1)

    label = place(content, size=(57.0, 32.0), symbology="code128", dpi=203)

    assert label.layout.picture is None
    assert label.bars
