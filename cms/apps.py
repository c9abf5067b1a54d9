"""Marketing: pages, stories and the home page."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    """Marketing: pages, stories and the home page."""

    name = "cms"
    label = "cms"
    verbose_name = _("Marketing")

    def ready(self) -> None:
        """Keep what is kept of the pages in step with them, and let the search go through them."""
        from cms import findable, receivers  # noqa: F401 - connecting is the import's purpose
        from marketplace.shop import finds

        finds.sources.append(findable.entries)
