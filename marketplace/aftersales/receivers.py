"""Hurries the mails: enqueues them right after something was declared, reported or decided."""

from typing import Any

from django.dispatch import receiver

from marketplace.aftersales import signals, tasks


@receiver(signals.mail_due, dispatch_uid="aftersales.send_due_mails")
def hurry(**_signal: Any) -> None:
    """Something is to be told."""
    tasks.send_due_mails.delay()
