"""An invented market, played through the domain functions."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """An invented market, played through the domain functions."""

    name = "marketplace.demo"
    label = "demo"
    verbose_name = _("Demo")
