"""The address of the calendar that somebody may subscribe to."""

from typing import Any

from django import template

from marketplace.dashboard import feeds
from marketplace.dashboard.feeds import Room

register = template.Library()


@register.inclusion_tag("dashboard/feed.html", takes_context=True)
def calendar_feed(context: dict[str, Any], room: str) -> dict[str, str]:
    """``{% calendar_feed "driver" %}``: a line that offers the calendar of whoever is logged in."""
    request = context["request"]
    address = request.build_absolute_uri(feeds.address(user=request.user, room=Room(room)))
    return {"address": address, "subscribe": address.replace("https://", "webcal://").replace("http://", "webcal://")}
