"""Watches requests for queries row by row, but where that is the point: reports of phones are taken in one after the other."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from zeal.middleware import zeal_middleware

#: each report is a transaction of its own, so that one that is refused does not hold up the others
TAKING_REPORTS = "/meldungen/"


def watch(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """The middleware."""
    watched = zeal_middleware(get_response)

    def middleware(request: HttpRequest) -> HttpResponseBase:
        answer: HttpResponseBase = (get_response if request.path.endswith(TAKING_REPORTS) else watched)(request)
        return answer

    return middleware
