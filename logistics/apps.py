"""Logistics: rounds, collections, packing, tours, deliveries."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LogisticsConfig(AppConfig):
    """Logistics: rounds, collections, packing, tours, deliveries."""

    name = "logistics"
    label = "logistics"
    verbose_name = _("Logistics")

    def ready(self) -> None:
        """Connect what hurries the waiting list."""
        from logistics import receivers  # noqa: F401 - connecting is the import's purpose
