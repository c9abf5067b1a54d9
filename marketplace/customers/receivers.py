"""What happens at a login."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from marketplace.regions import villages
from marketplace.users import profiles


@receiver(user_logged_in, dispatch_uid="customers.shop_for_the_village")
def shop_for_the_village(*, request: Any, user: Any, **_signal: Any) -> None:
    """Who has not chosen a village in this visit shops for the one of the profile."""
    region = getattr(request, "region", None)
    if region is None or villages.chosen(request) is not None:
        return
    village = profiles.of(user=user).municipality
    if village is not None and village.region_id == region.pk:
        villages.choose(request, village)
