"""The pages of the shop, where goods, rounds and baskets meet."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ShopConfig(AppConfig):
    """The pages of the shop, where goods, rounds and baskets meet."""

    name = "marketplace.shop"
    label = "shop"
    verbose_name = _("Shop")
