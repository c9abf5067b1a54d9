"""Hurries the waiting list: a place that was given back is offered at once, not only at the next look."""

from typing import Any

from django.dispatch import receiver

from logistics import signals, tasks


@receiver(signals.place_freed, dispatch_uid="logistics.offer_place")
def offer_place(*, window_id: int, **_signal: Any) -> None:
    """A place was given back."""
    tasks.offer_place.delay(window_id=window_id)
