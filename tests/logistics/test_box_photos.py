"""Photos of boxes: a proof that knows nothing of the place, and goes after a month."""

import base64
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from logistics import box_photos
from logistics.models import BoxPhoto, Delivery
from marketplace.pictures.cleaning import BadPicture
from tests.logistics.market import DAY, Market

pytestmark = pytest.mark.django_db


def told(*, size: tuple[int, int] = (200, 150)) -> str:
    written, exif = BytesIO(), Image.Exif()
    exif[0x010F] = "Kamera"
    Image.new("RGB", size, "green").save(written, "JPEG", exif=exif)
    return "data:image/jpeg;base64," + base64.b64encode(written.getvalue()).decode()


@pytest.fixture
def delivery() -> Delivery:
    market = Market()
    return market.order((market.product(), 1))


def keep(delivery: Delivery, **given: object) -> bool:
    return box_photos.keep(
        **{"delivery": delivery, "uuid": uuid4(), "told": told(), "at": DAY, "received_at": DAY, "by": None, **given}  # type: ignore[arg-type]  # a dict of all of them
    )


def test_keep_strips_and_shrinks(delivery: Delivery) -> None:
    assert keep(delivery, told=told(size=(2600, 1300)))
    photo = Image.open(BytesIO(bytes(BoxPhoto.objects.get().content)))
    assert photo.size == (1280, 640)
    assert not photo.getexif()


def test_keep_takes_a_photo_once(delivery: Delivery) -> None:
    uuid = uuid4()
    assert [keep(delivery, uuid=uuid) for _time in range(2)] == [True, False]
    assert BoxPhoto.objects.count() == 1


@pytest.mark.parametrize("sent", ["", "data:image/jpeg;base64,###", "data:text/html;base64,PGI+", "data:image/png;base64,AAAA"])
def test_keep_refuses_what_is_no_picture(delivery: Delivery, sent: str) -> None:
    with pytest.raises(BadPicture):
        keep(delivery, told=sent)


def test_keep_refuses_more_than_enough(delivery: Delivery) -> None:
    for _number in range(box_photos.MOST):
        keep(delivery)
    with pytest.raises(BadPicture):
        keep(delivery)


def test_erase_old_leaves_what_is_young(delivery: Delivery) -> None:
    keep(delivery, received_at=DAY - timedelta(days=31))
    keep(delivery)
    assert box_photos.erase_old(at=DAY) == 1
    assert BoxPhoto.objects.get().received_at == DAY


def test_a_photo_is_seen_by_its_link_alone(delivery: Delivery) -> None:
    keep(delivery)
    photo = BoxPhoto.objects.get()
    seen = Client().get(reverse("customer:box_photo", args=[box_photos.sign(photo=photo)]))
    assert (seen.status_code, seen["Content-Type"]) == (200, "image/jpeg")
    assert Client().get(reverse("customer:box_photo", args=[str(photo.pk)])).status_code == 404
