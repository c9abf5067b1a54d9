"""Decides what becomes of a photo of the boxes where they were left: a proof for customer and office, erased after a month."""

import base64
import binascii
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID

from django.core import signing
from django.utils.translation import gettext as _

from logistics.models import BoxPhoto, Delivery
from marketplace.pictures import cleaning
from marketplace.users.models import User

DAYS_KEPT = 30
SALT = "logistics.box_photo"
MOST = 3
LONGEST_SIDE = 1280
MEDIA_TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}


def keep(*, delivery: Delivery, uuid: UUID, told: str, at: datetime, received_at: datetime, by: User | None) -> bool:
    """Keep a photo as the device tells it (a data address), without what the camera knows. False if it is kept already.

    Part of a transaction. Raises `cleaning.BadPicture` for what is no picture, or when there are enough.
    """
    if BoxPhoto.objects.filter(pk=uuid).exists():
        return False
    if delivery.photos.count() >= MOST:
        raise cleaning.BadPicture(_("There are enough photos of these boxes."))
    cleaned = cleaning.clean(file=BytesIO(_bytes(told)), name="kiste", longest_side=LONGEST_SIDE)
    ending = cleaned.name[cleaned.name.rindex(".") :] if cleaned.name else ".jpg"
    BoxPhoto.objects.create(
        uuid=uuid,
        delivery=delivery,
        content=cleaned.read(),
        media_type=MEDIA_TYPES[ending],
        taken_at=at,
        received_at=received_at,
        by=by,
    )
    return True


def sign(*, photo: BoxPhoto) -> str:
    """What the link to a photo holds that stands on its order's page; whoever sees that page may see the photo."""
    return signing.Signer(salt=SALT).sign(str(photo.pk))


def read(*, token: str) -> BoxPhoto | None:
    """The photo of a link; None when it is erased, or the link is not ours."""
    try:
        return BoxPhoto.objects.filter(pk=signing.Signer(salt=SALT).unsign(token)).select_related("delivery__round").first()
    except signing.BadSignature:
        return None


def of(*, delivery: Delivery) -> list[BoxPhoto]:
    """The photos of a delivery that was handed over, the first one first, without their contents. One query at most."""
    if delivery.completed_at is None:
        return []
    return list(delivery.photos.defer("content").order_by("taken_at", "pk"))


def erase_old(*, at: datetime) -> int:
    """Erase what has served as a proof long enough; returns how many."""
    return BoxPhoto.objects.filter(received_at__lt=at - timedelta(days=DAYS_KEPT)).delete()[0]


def _bytes(told: str) -> bytes:
    head, _comma, content = told.partition(",")
    if not head.startswith("data:image/") or not head.endswith(";base64"):
        raise cleaning.BadPicture(_("The photo could not be read."))
    try:
        return base64.b64decode(content, validate=True)
    except binascii.Error as error:
        raise cleaning.BadPicture(_("The photo could not be read.")) from error
