"""Who is served, and where things are."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegionsConfig(AppConfig):
    """Who is served, and where things are."""

    name = "marketplace.regions"
    label = "regions"
    verbose_name = _("Regions")
