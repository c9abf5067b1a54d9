"""Hurries the sizes of a new picture, once it is committed."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from marketplace.pictures.models import Picture
from marketplace.pictures.tasks import prepare_picture


@receiver(post_save, sender=Picture)
def hurry(*, instance: Picture, created: bool, raw: bool = False, **_given: Any) -> None:
    """Ask for the sizes. Without a queue nothing is lost: a size that is missing is made when it is looked at."""
    if created and not raw:
        transaction.on_commit(lambda: prepare_picture.delay(picture_id=instance.pk), robust=True)
