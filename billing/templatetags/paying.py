"""Lets mails about orders that nobody placed at the till offer to pay them online."""

from decimal import Decimal
from typing import Any

from django import template
from django.urls import reverse

from billing.models import OrderTerms
from billing.online import connection, links

register = template.Library()
ASKED = (OrderTerms.Method.TRANSFER, OrderTerms.Method.HANDOVER)


@register.simple_tag
def pay_now(order: Any, due: Decimal) -> str:
    """``{% pay_now order due as address %}``: where an order by telephone or of a standing order is paid at once, else "".

    Who ordered at the till was asked there. Whoever pays changes how the order is paid; who does not pays as agreed. No query.
    """
    asked = order.channel in (order.Channel.PHONE, order.Channel.STANDING) and order.terms.method in ASKED
    if not (asked and due > 0 and order.email and connection.is_offered(region=order.region)):
        return ""
    return f"{order.region.site.root_url}{reverse('billing:pay', args=[links.sign(target=order)])}"
