"""Baskets, on Oscar's basket models."""

from django.utils.translation import gettext_lazy as _
from oscar.core.application import OscarConfig


class BasketConfig(OscarConfig):
    """Fork of Oscar's basket with our own pages."""

    label = "basket"
    name = "marketplace.basket"
    verbose_name = _("Basket")
    namespace = "basket"

    def ready(self) -> None:
        """Join a guest's basket to the customer's at login."""
        from marketplace.basket import receivers  # noqa: F401 - connecting is the import's purpose
