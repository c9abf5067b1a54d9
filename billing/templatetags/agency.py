"""Lets pages and mails of orders name the producers that sell in their own names."""

from typing import Any

from django import template
from django.utils import timezone

from billing import agencies
from marketplace.partner.models import Partner

register = template.Library()


@register.simple_tag
def own_sellers(order: Any) -> list[Partner]:
    """``{% own_sellers order as sellers %}``: those of an order, by name. One query, a second where there are any."""
    named = agencies.on(region_id=order.region_id, day=timezone.localdate(order.date_placed))
    keys = {line.partner_id for line in order.lines.all()} & named if named else set()
    return list(Partner.objects.filter(pk__in=keys).order_by("name", "pk")) if keys else []
