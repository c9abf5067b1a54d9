"""What the basket does when a person logs in."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from marketplace.basket import baskets, visitors


@receiver(user_logged_in)
def join_baskets(*, request: HttpRequest | None, user: Any, **_given: Any) -> None:
    """What the person collected as a guest goes into the person's own basket."""
    if request is None or getattr(request, "region", None) is None:
        return
    key = request.session.pop(visitors.KEY, None)
    if key is not None:
        baskets.join(user=user, region=request.region, guest_id=key)  # type: ignore[attr-defined]  # RegionMiddleware
        request.basket = visitors.basket_of(request, at=timezone.now())  # type: ignore[attr-defined]  # ours
