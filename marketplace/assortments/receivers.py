"""Copies the rules to their region whenever one is saved or goes, with its assortment or group too."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from marketplace.assortments import rules
from marketplace.assortments.models import AssortmentRule


@receiver([post_save, post_delete], sender=AssortmentRule)
def rule_changed(*, instance: AssortmentRule, **_given: Any) -> None:
    """A rule was laid down, moved or dropped."""
    rules.settle(region_id=instance.region_id)
