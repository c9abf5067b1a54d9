"""Jobs around pictures."""

from celery import shared_task

from marketplace.pictures import sizes
from marketplace.pictures.models import Picture


@shared_task
def prepare_picture(*, picture_id: int) -> None:
    """Make the house's sizes of a new picture; whoever looks before that makes them by looking."""
    sizes.prepare(pictures=Picture.objects.filter(pk=picture_id))
