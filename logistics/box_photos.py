"""Decides what becomes of a photo of the boxes where they were left: a proof for customer and office, erased after a month."""

import base64
import binascii
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID

from django.utils.translation import gettext as _

from logistics.models import BoxPhoto, Delivery
from marketplace.pictures import cleaning
from marketplace.users.models import User

DAYS_KEPT = 30
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
