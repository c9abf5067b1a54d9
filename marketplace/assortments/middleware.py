"""Gives every request what its visitor sees of the region's articles, looked up only when it is asked for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from marketplace.assortments import sights


class SightMiddleware:
    """Puts a lazy `request.sight` on the request; stands behind those that know the person and the region."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        region = getattr(request, "region", None)
        if region is not None:
            request.sight = SimpleLazyObject(lambda: sights.of(region=region, user=request.user))  # type: ignore[attr-defined]  # ours
        return self.get_response(request)
