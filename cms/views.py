"""What machines ask of a site: its addresses, what they may read, and its events."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from cms import addresses, events, frames
from cms.models import EventPage
from marketplace.core import ical
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest


@public
def sitemap(request: MarketRequest) -> HttpResponse:
    """All pages of the region that may be found by searching."""
    found = addresses.every(region=request.region)
    context = {"addresses": found, "host": request.build_absolute_uri("/").rstrip("/")}
    return render(request, "cms/sitemap.xml", context, content_type="application/xml")


@public
def robots(request: MarketRequest) -> HttpResponse:
    """Everything but baskets, accounts and workplaces may be read."""
    context = {"sitemap": request.build_absolute_uri("/sitemap.xml")}
    return render(request, "cms/robots.txt", context, content_type="text/plain; charset=utf-8")


@public
def calendar(request: MarketRequest) -> HttpResponse:
    """All events that are to come, for a calendar that asks again and again."""
    found = frames.events_below(page=request.region.site.root_page)
    return _file(request, events.coming(happenings=found, today=timezone.localdate()), "termine")


@public
def event_file(request: MarketRequest, slug: str) -> HttpResponse:
    """One event for the visitor's calendar."""
    live = EventPage.objects.live().descendant_of(request.region.site.root_page).select_related("municipality")
    row = get_object_or_404(live.order_by("pk"), slug=slug)
    return _file(request, [frames.happening(row=row)], slug)


def _file(request: MarketRequest, happenings: list[events.Happening], name: str) -> HttpResponse:
    root = request.build_absolute_uri("/").rstrip("/")
    file = events.calendar(happenings=happenings, host=request.get_host().split(":")[0], root=root, at=timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    return HttpResponse(file, content_type=ical.CONTENT_TYPE, headers=headers)
