"""Producers, retailers, craftspeople and service firms, on Oscar's partner models."""

from django.utils.translation import gettext_lazy as _
from oscar.core.application import OscarConfig


class PartnerConfig(OscarConfig):
    """Fork of Oscar's partner app; stock is kept by `stock.py`, so Oscar's stock alerts stay unconnected."""

    label = "partner"
    name = "marketplace.partner"
    verbose_name = _("Producers")

    def ready(self) -> None:
        """Connect nothing."""
