"""Finds the region a request is for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from wagtail.models import Site

from marketplace.regions.models import Region


class RegionMiddleware:
    """Puts the region of the site that was asked into `request.region` (None where no market is set up yet)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        site = Site.find_for_request(request)
        region = Region.objects.select_related("site").filter(site=site).first() if site else None
        request.region = region  # type: ignore[attr-defined]  # what a middleware adds, Django's stubs cannot know
        return self.get_response(request)
