"""Empties what is kept of the frame when a home page or one of the pages in its menus changes."""

from typing import Any

from django.dispatch import receiver
from wagtail.signals import page_published, page_slug_changed, page_unpublished

from cms import belonging, frames


@receiver([page_published, page_unpublished, page_slug_changed])
def forget_frame(*, instance: Any, **_given: Any) -> None:
    """The frame of the region the page stands in."""
    region = belonging.region_of(page=instance)
    if region is not None:
        frames.forget(region_id=region.pk)
