"""Hurries the waiting list when a place is given back, and keeps what a guest had kept when he logs in."""

from typing import Any

from django.dispatch import receiver

from logistics import reservations, signals, tasks
from marketplace.basket.models import Basket
from marketplace.basket.signals import merging


@receiver(signals.place_freed, dispatch_uid="logistics.offer_place")
def offer_place(*, window_id: int, **_signal: Any) -> None:
    """A place was given back."""
    tasks.offer_place.delay(window_id=window_id)


@receiver(merging, dispatch_uid="logistics.pass_on")
def pass_on(*, guest_id: int, into: Basket, **_signal: Any) -> None:
    """A guest has logged in and goes on with the basket of his account."""
    reservations.pass_on(guest_id=guest_id, to=into)
