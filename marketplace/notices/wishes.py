"""Remembers what a visitor wanted to mark, until the login that it needs."""

from django.http import HttpRequest

from marketplace.catalogue.models import Product
from marketplace.partner.models import Partner

KEY = "wanted_mark"


def keep(request: HttpRequest, thing: Product | Partner) -> None:
    """Until the login."""
    request.session[KEY] = ["article" if isinstance(thing, Product) else "producer", str(thing.pk)]


def take(request: HttpRequest) -> dict[str, str]:
    """What was wanted, once, as parameters of `favourites.find`; empty when nothing was."""
    kept = request.session.pop(KEY, None)
    wanted = {"article": "", "producer": ""}
    return {**wanted, kept[0]: kept[1]} if kept else {}
