"""Hurries the mails: enqueues them right after a standing order was made or ended."""

from typing import Any

from django.dispatch import receiver

from marketplace.standing import signals, tasks


@receiver(signals.made, dispatch_uid="standing.confirm")
def confirm(*, standing_id: int, **_signal: Any) -> None:
    """A standing order was made."""
    tasks.send_agreement.delay(standing_id=standing_id)


@receiver(signals.ended, dispatch_uid="standing.receipt")
def receipt(*, ending_id: int, **_signal: Any) -> None:
    """Somebody ended standing orders."""
    tasks.send_receipt.delay(ending_id=ending_id)
