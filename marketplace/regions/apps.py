"""Who is served, and where things are."""

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class RegionsConfig(AppConfig):
    """Who is served, and where things are."""

    name = "marketplace.regions"
    label = "regions"
    verbose_name = _("Regions")

    def ready(self) -> None:
        """Keep the cache of sites in step with the tables, and look at the file under the maps before anything starts."""
        from marketplace.regions import receivers  # noqa: F401 - connecting is the import's purpose
        from marketplace.regions.checks import map_file

        register(map_file)
