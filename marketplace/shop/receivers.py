"""Lets the filters of a region be counted anew when what they count is saved."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from marketplace.catalogue.models import Product
from marketplace.partner.models import Partner
from marketplace.shop import shelves, tallies


@receiver([post_save, post_delete], sender=Product)
def product_changed(*, instance: Product, **_given: Any) -> None:
    """An article came, went or was changed."""
    _forget(instance.partner.region_id)


@receiver([post_save, post_delete], sender=Partner)
def producer_changed(*, instance: Partner, **_given: Any) -> None:
    """A producer was let in, suspended or renamed."""
    _forget(instance.region_id)


def _forget(region_id: int) -> None:
    shelves.forget(region_id=region_id)
    tallies.forget(region_id=region_id)
