"""What every part shares: money, VAT, units, transitions, the audit trail."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """What every part shares: money, VAT, units, transitions, the audit trail."""

    name = "marketplace.core"
    label = "core"
    verbose_name = _("Foundation")

    def ready(self) -> None:
        """Let connections keep more prepared statements."""
        from marketplace.core import cursors

        connection_created.connect(cursors.keep_more)
