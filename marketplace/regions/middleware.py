"""Finds the region a request is for, and the page where it is kept for everybody."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.utils import timezone

from marketplace.regions import hosts, kept


class KeptPagesMiddleware:
    """Answers a visitor nobody knows with the page that is kept; stands behind the language and the token, before all else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return kept.found(request) or kept.store(request, self.get_response(request), at=timezone.now())


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
