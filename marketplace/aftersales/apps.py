"""What happens when something was wrong or is given back: withdrawals, complaints, corrections."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AftersalesConfig(AppConfig):
    """What happens when something was wrong or is given back: withdrawals, complaints, corrections."""

    name = "marketplace.aftersales"
    label = "market_aftersales"
    verbose_name = _("After the sale")

    def ready(self) -> None:
        """Hurry the mails."""
        from marketplace.aftersales import receivers  # noqa: F401 - connecting is the import's purpose
