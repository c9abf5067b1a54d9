"""The customer's own pages: orders, invoices, address."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    """The customer's own pages: orders, invoices, address."""

    name = "marketplace.customers"
    label = "customers"
    verbose_name = _("Customers")
