"""Keeps the search words and the places of articles in step with what they are made of, whoever saves it."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone

from marketplace.catalogue import ranking, search
from marketplace.catalogue.models import Product

Shelved = Product.categories.through


@receiver(post_save, sender=Product)
def product_saved(*, instance: Product, raw: bool = False, update_fields: frozenset[str] | None = None, **_given: Any) -> None:
    """A new name is found at once, and a new article takes its place on the shelf."""
    if not raw:
        search.refresh(instance)
        ranking.saved(product=instance, fields=update_fields, today=timezone.localdate())


@receiver([post_save, post_delete], sender=Shelved)
def product_shelved(*, instance: Any, raw: bool = False, **_given: Any) -> None:
    """An article is found under the name of its shelf."""
    if not raw:
        search.refresh_all(queryset=Product.objects.filter(pk=instance.product_id))


@receiver(post_save, sender="partner.Partner")
def producer_saved(*, instance: Any, created: bool = False, raw: bool = False, **_given: Any) -> None:
    """Articles are found under the present name of their producer."""
    if not raw and not created:
        search.refresh_all(queryset=Product.objects.filter(partner_id=instance.pk))
