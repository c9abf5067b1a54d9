"""What a request carries once our middleware has seen it."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from marketplace.assortments.precedence import Sight
    from marketplace.basket.models import Basket
    from marketplace.regions.models import Region
    from marketplace.users.models import User


class MarketRequest(HttpRequest):
    """The type that views are written against; `access.public` makes sure of the region."""

    region: "Region"
    sight: "Sight"
    basket: "Basket"
    htmx: "HtmxDetails"
    user: "User"  # or AnonymousUser, which behaves alike where views ask it
