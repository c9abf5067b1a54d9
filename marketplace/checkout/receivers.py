"""What happens at a login."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from marketplace.checkout import guests


@receiver(user_logged_in, dispatch_uid="checkout.adopt_orders")
def adopt_orders(*, user: Any, **_signal: Any) -> None:
    """What the person ordered as a guest is found in the account from now on."""
    guests.adopt(user=user)
