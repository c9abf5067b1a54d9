"""Hurries the waiting list when a place is given back, asks addresses back, and keeps what a guest had kept when he logs in."""

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from logistics import reservations, signals, tasks
from marketplace.basket.models import Basket
from marketplace.basket.signals import merging


@receiver(signals.place_freed, dispatch_uid="logistics.offer_place")
def offer_place(*, window_id: int, **_signal: Any) -> None:
    """A place was given back."""
    tasks.offer_place.delay(window_id=window_id)


@receiver(signals.address_left, dispatch_uid="logistics.ask_addresses_back")
def ask_addresses_back(**_signal: Any) -> None:
    """The mail with the confirming link goes out at once."""
    transaction.on_commit(tasks.ask_addresses_back.delay, robust=True)


@receiver(merging, dispatch_uid="logistics.pass_on")
def pass_on(*, guest_id: int, into: Basket, **_signal: Any) -> None:
    """A guest has logged in and goes on with the basket of his account."""
    reservations.pass_on(guest_id=guest_id, to=into)
