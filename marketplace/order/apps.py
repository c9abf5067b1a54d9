"""Orders, on Oscar's order models."""

from django.utils.translation import gettext_lazy as _
from oscar.core.application import OscarConfig


class OrderConfig(OscarConfig):
    """Fork of Oscar's orders."""

    label = "order"
    name = "marketplace.order"
    verbose_name = _("Orders")

    def ready(self) -> None:
        """Connect nothing: who must know of an order is called by `checkout.placement`."""
