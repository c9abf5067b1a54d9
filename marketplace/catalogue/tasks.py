"""Jobs around the catalogue."""

from celery import shared_task
from django.utils import timezone

from marketplace.catalogue import misses, ranking


@shared_task
def rank_articles() -> None:
    """Put the articles into the order of the present month; finds nothing to do most of the time."""
    ranking.refresh(today=timezone.localdate())


@shared_task
def forget_rare_searches() -> None:
    """Words that were searched for once and found nothing do not stay."""
    misses.forget_rare(today=timezone.localdate())
