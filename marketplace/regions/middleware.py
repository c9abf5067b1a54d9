"""Finds the region a request is for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port

from marketplace.regions import hosts


class RegionMiddleware:
    """Puts the region of the site that was asked into `request.region` (None where no market is set up yet).

    Wagtail asks for the site of the same request later; it finds it where it would have kept it itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        hostname = split_domain_port(request.get_host())[0]
        site, region = hosts.find(hostname=hostname, port=int(request.get_port()))
        request._wagtail_site = site  # type: ignore[attr-defined]  # Wagtail's own place for it
        request.region = region  # type: ignore[attr-defined]  # what a middleware adds, Django's stubs cannot know
        return self.get_response(request)
