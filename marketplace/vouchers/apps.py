"""Vouchers: what they take off, of whose goods, and who bears it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VouchersConfig(AppConfig):
    """Vouchers: what they take off, of whose goods, and who bears it."""

    name = "marketplace.vouchers"
    label = "market_vouchers"
    verbose_name = _("Vouchers")
