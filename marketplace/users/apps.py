"""People who can log in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UsersConfig(AppConfig):
    """People who can log in."""

    name = "marketplace.users"
    label = "users"
    verbose_name = _("Users")
