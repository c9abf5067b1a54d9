"""What people want to be told, and what they marked to find it again."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """What people want to be told, and what they marked to find it again."""

    name = "marketplace.notices"
    label = "market_notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        """Keep what a visitor marked before the login."""
        from marketplace.notices import receivers  # noqa: F401 - connecting is the import's purpose
