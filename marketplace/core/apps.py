"""What every part shares: money, VAT, units, transitions, the audit trail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """What every part shares: money, VAT, units, transitions, the audit trail."""

    name = "marketplace.core"
    label = "core"
    verbose_name = _("Foundation")
