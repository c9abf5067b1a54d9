"""Gives every request its basket, looked up only when it is asked for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from marketplace.basket import visitors


class BasketMiddleware:
    """Puts a lazy `request.basket` on the request; it has no key until something is put into it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "region", None) is not None:
            basket = SimpleLazyObject(lambda: visitors.basket_of(request, at=timezone.now()))
            request.basket = basket  # type: ignore[attr-defined]  # ours
        return self.get_response(request)
