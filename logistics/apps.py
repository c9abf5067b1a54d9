"""Logistics: rounds, collections, packing, tours, deliveries."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LogisticsConfig(AppConfig):
    """Logistics: rounds, collections, packing, tours, deliveries."""

    name = "logistics"
    label = "logistics"
    verbose_name = _("Logistics")
