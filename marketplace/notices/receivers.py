"""What happens at a login."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from marketplace.assortments import sights
from marketplace.notices import favourites, signals, tasks, wishes
from marketplace.notices.views import marks


@receiver(user_logged_in, dispatch_uid="notices.mark_what_was_wanted")
def mark_what_was_wanted(*, request: Any, user: Any, **_signal: Any) -> None:
    """The heart that the visitor pressed before the login is kept now."""
    region = getattr(request, "region", None)
    wanted = wishes.take(request) if region is not None else {}
    if not wanted or region is None:
        return
    thing = favourites.find(**wanted, region=region, sight=sights.of(region=region, user=user))
    if thing is not None:
        favourites.mark(user=user, thing=thing, at=timezone.now())
        messages.success(request, marks.told(thing, marked=True))


@receiver(signals.asked, dispatch_uid="notices.ask_back")
def ask_back(**_signal: Any) -> None:
    """The mail with the confirming link goes out at once."""
    transaction.on_commit(tasks.ask_back.delay, robust=True)
