"""The telephone desk: orders which the office takes down for people without internet."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """The telephone desk: orders which the office takes down for people without internet."""

    name = "marketplace.desk"
    label = "market_desk"
    verbose_name = _("Telephone desk")
