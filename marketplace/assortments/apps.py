"""Assortments: which articles only certain customers see and can order."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssortmentsConfig(AppConfig):
    """Assortments: which articles only certain customers see and can order."""

    name = "marketplace.assortments"
    label = "assortments"
    verbose_name = _("Assortments")

    def ready(self) -> None:
        """Keep a region's copy of its rules in step with the table."""
        from marketplace.assortments import receivers  # noqa: F401 - connecting is the import's purpose
