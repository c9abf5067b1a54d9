"""`{% load own_orders %}{% open_orders as orders %}`: the orders that the visitor can still change, the next delivery first."""

from typing import Any

from django import template
from django.utils import timezone

from marketplace.checkout import entries
from marketplace.checkout import open_orders as found
from marketplace.order.models import Order

register = template.Library()


@register.simple_tag(takes_context=True)
def open_orders(context: Any) -> list[Order]:
    """One query for a customer or a guest who has ordered, none for anybody else and in a preview."""
    request, region = context.get("request"), context.get("region")
    if region is None or not hasattr(request, "session"):
        return []
    return found.of_visitor(user=request.user, numbers=entries.known_orders(request), region=region, at=timezone.now())
