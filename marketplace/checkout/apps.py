"""Where the domains meet: an order is placed, or it is not."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CheckoutConfig(AppConfig):
    """Where the domains meet: an order is placed, or it is not."""

    name = "marketplace.checkout"
    label = "market_checkout"
    verbose_name = _("Checkout")

    def ready(self) -> None:
        """Connect what happens at a login."""
        from marketplace.checkout import receivers  # noqa: F401 - connecting is the import's purpose
