"""Decides whose crate somebody asks for who shows a code, or the square code of the page that was passed on."""

import re

from django.db.models import QuerySet

from logistics.models import Delivery, Tour
from marketplace.order import day_links
from marketplace.order.day_links import BadLink, Purpose

#: the address in the square code, as a scanner types it
ADDRESS = re.compile(r"/abholen/(?P<signed>[A-Za-z0-9_:.-]{1,120})/?$")


def find(*, told: str, tour: Tour) -> Delivery | None:
    """The delivery of a tour that is meant; None when there is none. Small letters and blanks in a code do not matter."""
    mine = Delivery.objects.filter(stop__tour=tour).exclude(status=Delivery.Status.CANCELLED).select_related("stop")
    if ADDRESS.search(told.strip()) is None:
        return mine.filter(code="".join(told.split()).upper()).first()
    return of_link(told=told, among=mine)


def of_link(*, told: str, among: QuerySet[Delivery]) -> Delivery | None:
    """The delivery for whose page somebody shows the address; None when it is not among these, or no such address."""
    address = ADDRESS.search(told.strip())
    if address is None:
        return None
    try:
        number = day_links.read(token=address["signed"], purpose=Purpose.FETCHING)
    except BadLink:
        return None
    return among.filter(order__number=number).first()
