"""The producers' workspace and the office."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkspaceConfig(AppConfig):
    """The producers' workspace and the office."""

    name = "marketplace.dashboard"
    label = "workspace"
    verbose_name = _("Workspace")
