"""The pages of the shop, where goods, rounds and baskets meet."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ShopConfig(AppConfig):
    """The pages of the shop, where goods, rounds and baskets meet."""

    name = "marketplace.shop"
    label = "shop"
    verbose_name = _("Shop")

    def ready(self) -> None:
        """Keep the counted filters in step with the tables."""
        from marketplace.shop import receivers  # noqa: F401 - connecting is the import's purpose
