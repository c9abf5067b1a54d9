"""Tags about a visitor's orders that are still open: `{% open_orders as orders %}`, `{% leeway round region as text %}`."""

from typing import Any

from django import template
from django.utils import timezone

from logistics import leeway as rules
from logistics.models import DeliveryRound
from marketplace.checkout import entries
from marketplace.checkout import open_orders as found
from marketplace.order.models import Order
from marketplace.regions.models import Region

register = template.Library()


@register.simple_tag(takes_context=True)
def open_orders(context: Any) -> list[Order]:
    """The next delivery first; one query for a customer or a guest who has ordered, none for anybody else and in a preview."""
    request, region = context.get("request"), context.get("region")
    if region is None or not hasattr(request, "session"):
        return []
    return found.of_visitor(
        user=request.user, numbers=entries.known_orders(request), region_id=region.pk, at=timezone.now(), only_changeable=False
    )


@register.simple_tag
def leeway(delivery_round: DeliveryRound, region: Region) -> str:
    """What customers may do themselves with an order of the round, and until when."""
    return rules.sentence(delivery_round=delivery_round, region=region)
