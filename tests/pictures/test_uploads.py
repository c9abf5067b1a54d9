"""What may be uploaded, and what is left of it."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from marketplace.core.models import AuditEntry
from marketplace.pictures import cleaning, uploads
from marketplace.pictures.models import Picture
from tests.factories.market import NOW, UserFactory
from tests.pictures.photos import drawn, notes_in, phone_exif, photo

pytestmark = pytest.mark.django_db
WORDS = {"title": "Hofladen", "description": "Kisten mit Äpfeln vor einer Scheune"}


def stored(file: Any) -> Picture:
    return uploads.store(file=file, by=None, at=NOW, **WORDS)


def content_of(picture: Picture) -> bytes:
    with default_storage.open(str(picture.file.name)) as file:
        return bytes(file.read())


@pytest.mark.parametrize(
    ("kind", "ending"), [("JPEG", ".jpg"), ("PNG", ".png"), ("WEBP", ".webp"), ("HEIF", ".jpg"), ("AVIF", ".jpg")]
)
def test_store_keeps_no_note_of_the_camera(kind: str, ending: str) -> None:
    picture = stored(photo(kind=kind, name="IMG_0001.HEIC"))
    content = content_of(picture)
    assert str(picture.file.name).endswith(ending)
    assert notes_in(content) == {}
    assert b"Kamerawerk" not in content


def test_store_turns_the_picture_upright() -> None:
    picture = stored(photo())
    image = Image.open(BytesIO(content_of(picture))).convert("RGB")
    assert (picture.width, picture.height) == image.size == (80, 120)
    red, green, _blue = image.getpixel((40, 110))  # type: ignore[misc]  # RGB, so three numbers
    assert red > 200
    assert green < 60


def test_store_notes_size_hash_and_who_sent_it() -> None:
    person = UserFactory.create()
    picture = uploads.store(file=photo(), by=person, at=NOW, **WORDS)
    assert picture.file_size == len(content_of(picture))
    assert picture.file_hash
    assert picture.default_alt_text == WORDS["description"]
    assert AuditEntry.objects.get(action="picture.stored").by == person


def test_store_shrinks_what_is_longer_than_3000_pixels() -> None:
    picture = stored(photo(image=drawn(4000, 1000)))
    assert (picture.width, picture.height) == (750, 3000)


def test_store_keeps_transparency() -> None:
    picture = stored(photo(kind="PNG", name="logo.png", image=Image.new("RGBA", (60, 60), (0, 0, 0, 0))))
    assert Image.open(BytesIO(content_of(picture))).mode == "RGBA"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Die Datei ist leer"),
        (b"<svg onload='alert(1)'/>", "Das ist kein Bild, das wir lesen können"),
        (b"GIF89a\x01", "Das ist kein Bild, das wir lesen können"),
        (b"\xff" * (cleaning.MAX_BYTES + 1), "Das Bild ist zu groß"),
    ],
)
def test_store_refuses_what_is_no_picture(content: bytes, sentence: str) -> None:
    with pytest.raises(uploads.BadPicture, match=sentence):
        stored(SimpleUploadedFile("foto.jpg", content))
    assert not Picture.objects.exists()


def test_store_refuses_a_damaged_picture() -> None:
    whole = photo(image=drawn(600, 600)).read()
    with pytest.raises(uploads.BadPicture, match="beschädigt"):
        stored(SimpleUploadedFile("foto.jpg", whole[: len(whole) // 2]))


def test_store_refuses_too_many_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "MAX_PIXELS", 1000)
    with pytest.raises(uploads.BadPicture, match="zu viele Bildpunkte"):
        stored(photo())


def test_store_refuses_a_tiny_picture() -> None:
    with pytest.raises(uploads.BadPicture, match="zu klein"):
        stored(photo(image=drawn(20, 20)))


def test_store_wants_a_description() -> None:
    with pytest.raises(uploads.BadPicture, match="was auf dem Bild zu sehen ist"):
        uploads.store(file=photo(), title="Hof", description=" ", by=None, at=NOW)


def test_picture_saved_by_a_script_is_cleaned_too() -> None:
    picture = Picture(title="Hof", file=photo())
    picture.save()
    assert notes_in(content_of(picture)) == {}
    first = picture.file.name
    picture.title = "Hofladen"
    picture.save()
    assert picture.file.name == first


def test_wagtails_upload_form_stores_no_position(client: Client) -> None:
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    raw = photo()
    assert notes_in(raw.read()) != {}
    raw.seek(0)
    answer = client.post(reverse("wagtailimages:add"), {"title": "Hof", "description": "Ein Hof", "file": raw})
    assert answer.status_code == 302
    picture = Picture.objects.get()
    content = content_of(picture)
    assert notes_in(content) == {}
    assert (picture.width, picture.height, picture.file_size) == (80, 120, len(content))


def test_wagtails_many_at_once_form_stores_no_position(client: Client) -> None:
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    answer = client.post(
        reverse("wagtailimages:add_multiple"),
        {"title": "Hof", "files[]": photo(name="IMG.HEIC", kind="HEIF")},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    assert answer.status_code == 200
    assert notes_in(content_of(Picture.objects.get())) == {}


def test_wagtails_upload_form_says_what_is_wrong(client: Client) -> None:
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    answer = client.post(reverse("wagtailimages:add"), {"title": "Hof", "file": photo(image=drawn(20, 20))})
    assert "Das Bild ist zu klein" in answer.content.decode()
    assert not Picture.objects.exists()


def test_exif_of_the_test_photo_has_a_position() -> None:
    assert 2 in phone_exif().get_ifd(0x8825)
