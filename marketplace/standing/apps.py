"""Standing orders: what a customer wants again and again."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StandingConfig(AppConfig):
    """Standing orders: what a customer wants again and again."""

    name = "marketplace.standing"
    label = "market_standing"
    verbose_name = _("Standing orders")

    def ready(self) -> None:
        """Connect what hurries the mails."""
        from marketplace.standing import receivers  # noqa: F401 - connecting is the import's purpose
