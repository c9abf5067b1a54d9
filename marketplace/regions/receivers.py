"""Empties what `hosts` and `kept` keep when a site, region or municipality changes."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Site

from marketplace.regions import hosts, kept
from marketplace.regions.models import Municipality, Region


@receiver([post_save, post_delete], sender=Site)
@receiver([post_save, post_delete], sender=Region)
def forget_sites(**_given: Any) -> None:
    """Sites and regions are kept together."""
    hosts.forget()
    kept.forget()


@receiver([post_save, post_delete], sender=Municipality)
def forget_villages(*, instance: Municipality, **_given: Any) -> None:
    """Municipalities are kept by region."""
    hosts.forget(region_id=instance.region_id)
    kept.forget(region_id=instance.region_id)
