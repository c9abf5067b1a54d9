"""The link to the page of the delivery day, wherever an order is shown."""

from django import template
from django.urls import reverse
from django.utils import timezone

from logistics import arrival
from logistics.models import Delivery
from marketplace.order import day_links
from marketplace.order.day_links import Purpose
from marketplace.order.models import Order

register = template.Library()


@register.simple_tag
def substitute_link(order: Order) -> str:
    """`{% substitute_link order as url %}`: where the customer says whether something similar may come."""
    return reverse("substitute:page", args=[day_links.sign(order=order, purpose=Purpose.SUBSTITUTE)])


@register.simple_tag
def day_link(order: Order) -> str:
    """`{% day_link order as url %}`: where one sees when the goods come; "" when the order is off or the link has ended.

    The order is loaded with its user, delivery and round.
    """
    delivery = order.delivery
    if delivery.status == Delivery.Status.CANCELLED or arrival.over(delivery=delivery, today=timezone.localdate()):
        return ""
    return reverse("day:live", args=[day_links.sign(order=order, purpose=Purpose.ARRIVAL)])
