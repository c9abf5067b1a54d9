"""Billing: what is to pay, invoices, settlements, the journal."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    """Billing: what is to pay, invoices, settlements, the journal."""

    name = "billing"
    label = "billing"
    verbose_name = _("Billing")
