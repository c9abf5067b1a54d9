"""Jobs around the catalogue."""

from celery import shared_task
from django.utils import timezone

from marketplace.catalogue import ranking


@shared_task
def rank_articles() -> None:
    """Put the articles into the order of the present month; finds nothing to do most of the time."""
    ranking.refresh(today=timezone.localdate())
