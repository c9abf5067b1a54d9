"""The catalogue: goods and services, on Oscar's product models."""

from django.utils.translation import gettext_lazy as _
from oscar.core.application import OscarConfig


class CatalogueConfig(OscarConfig):
    """Fork of Oscar's catalogue with our own pages, so none of Oscar's views are looked up."""

    label = "catalogue"
    name = "marketplace.catalogue"
    verbose_name = _("Catalogue")
    namespace = "catalogue"

    def ready(self) -> None:
        """Connect Oscar's keepers of the category tree, and ours of the search words."""
        from oscar.apps.catalogue import receivers  # noqa: F401 - likewise

        from marketplace.catalogue import receivers as ours  # noqa: F401 - connecting is the import's purpose
