"""Lets the filters of a region be counted anew, and its pages be written anew, when what they show is saved."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from logistics.models import DeliveryRound
from marketplace.catalogue.models import Category, Product
from marketplace.partner.models import Partner, StockRecord
from marketplace.regions import kept
from marketplace.reviews.models import Review
from marketplace.shop import shelves, tallies


@receiver([post_save, post_delete], sender=Product)
def product_changed(*, instance: Product, **_given: Any) -> None:
    """An article came, went or was changed."""
    _forget(instance.partner.region_id)


@receiver([post_save, post_delete], sender=Partner)
def producer_changed(*, instance: Partner, **_given: Any) -> None:
    """A producer was let in, suspended or renamed."""
    _forget(instance.region_id)


@receiver([post_save, post_delete], sender=StockRecord)
@receiver([post_save, post_delete], sender=Review)
def told_beside_it_changed(*, instance: StockRecord | Review, **_given: Any) -> None:
    """A price, a stock that was counted, or what buyers say. What orders take of a stock shows within a minute."""
    kept.forget(region_id=instance.partner.region_id)


@receiver([post_save, post_delete], sender=DeliveryRound)
def round_changed(*, instance: DeliveryRound, **_given: Any) -> None:
    """A round was announced, moved or closed."""
    kept.forget(region_id=instance.region_id)


@receiver([post_save, post_delete], sender=Category)
def shelf_changed(**_given: Any) -> None:
    """Shelves are of all regions."""
    kept.forget()


def _forget(region_id: int) -> None:
    kept.forget(region_id=region_id)
    shelves.forget(region_id=region_id)
    tallies.forget(region_id=region_id)
