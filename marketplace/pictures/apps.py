"""Pictures, cleaned of what a camera tells about a place."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PicturesConfig(AppConfig):
    """Pictures, cleaned of what a camera tells about a place."""

    name = "marketplace.pictures"
    label = "pictures"
    verbose_name = _("Pictures")

    def ready(self) -> None:
        """Make the sizes of a new picture ahead."""
        from marketplace.pictures import receivers  # noqa: F401 - connecting is the import's purpose
