"""Empties what is kept of a region's pages when one of them changes."""

from typing import Any

from django.dispatch import receiver
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from cms import belonging, frames
from marketplace.regions import kept
from marketplace.shop import finds


@receiver([page_published, page_unpublished, page_slug_changed, post_page_move])
def forget_frame(*, instance: Any, **_given: Any) -> None:
    """The frame of the region the page stands in."""
    region = belonging.region_of(page=instance)
    if region is not None:
        frames.forget(region_id=region.pk)
        finds.forget(region_id=region.pk)
        kept.forget(region_id=region.pk)
