"""Baskets: one open basket a customer and region, goods of many producers in it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from oscar.apps.basket.abstract_models import AbstractBasket, AbstractLine

from marketplace.assortments.precedence import Sight
from marketplace.core.wishes import Substitution


class Basket(AbstractBasket):
    """A basket of one region's market."""

    region = models.ForeignKey("regions.Region", on_delete=models.CASCADE, related_name="baskets", verbose_name=_("region"))

    #: who knows it may fill the basket together with its owner; none: nobody else
    share_key = models.CharField(max_length=32, unique=True, null=True, blank=True)
    #: from then on the key leads nowhere (see `sharing`)
    share_until = models.DateTimeField(null=True, blank=True)
    #: what a guest sees of it, set where the basket is at hand for one; none: all of it
    shown_to: "Sight | None" = None

    class Meta(AbstractBasket.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "region"], condition=Q(status="Open", owner__isnull=False), name="one_open_basket_a_customer"
            )
        ]


class Line(AbstractLine):
    """An article and how many of it."""

    substitution = models.CharField(max_length=10, choices=Substitution.choices, default=Substitution.LEAVE_OUT)
    note = models.CharField(_("note to the producer"), max_length=200, blank=True)
    #: first names of those who put it into a shared basket, as far as they told them
    added_by = models.CharField(max_length=200, blank=True)

    class Meta(AbstractLine.Meta):
        constraints = [
            models.UniqueConstraint(fields=["basket", "product"], name="product_once_a_basket"),
            models.CheckConstraint(condition=Q(quantity__gte=1, quantity__lte=999), name="basket_line_has_a_sane_quantity"),
        ]


from oscar.apps.basket.models import *  # noqa: E402, F403 - Oscar's remaining models, registered after ours
