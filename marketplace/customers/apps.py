"""The customer's own pages: orders, invoices, address."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    """The customer's own pages: orders, invoices, address."""

    name = "marketplace.customers"
    label = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        """Shop for the village of the profile."""
        from marketplace.customers import receivers  # noqa: F401 - connecting is the import's purpose
