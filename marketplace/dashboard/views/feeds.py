"""Calendars of drivers, producers, pickup hosts and the office."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from marketplace.core import ical
from marketplace.dashboard import feeds
from marketplace.dashboard.feeds import NoFeed
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest


@public
@require_safe
def calendar(request: MarketRequest, token: str) -> HttpResponse:
    """The calendar behind a signed address."""
    try:
        user, room = feeds.read(token=token)
        file = feeds.file(region=request.region, user=user, room=room, host=request.get_host().split(":")[0], at=timezone.now())
    except NoFeed as gone:
        raise Http404 from gone
    return HttpResponse(file, content_type=ical.CONTENT_TYPE, headers={"Cache-Control": "private, no-store"})
