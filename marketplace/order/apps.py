"""Orders, on Oscar's order models."""

from django.utils.translation import gettext_lazy as _
from oscar.core.application import OscarConfig


class OrderConfig(OscarConfig):
    """Fork of Oscar's orders."""

    label = "order"
    name = "marketplace.order"
    verbose_name = _("Orders")

    def ready(self) -> None:
        """Connect what hurries the mails; everybody else who must know of an order is called by `checkout.placement`."""
        from marketplace.order import receivers  # noqa: F401 - connecting is the import's purpose
