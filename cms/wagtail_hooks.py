"""What our editors see of Wagtail's admin."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.userbar import ContentCheckerItem

from cms.blocks.choosers import CHOOSERS

#: entries that only people of the house need
HOUSE_ONLY = frozenset({"help", "reports", "settings"})


@hooks.register("register_admin_viewset")
def register_choosers() -> list[Any]:
    """Articles, producers, villages and shelves to choose from."""
    return list(CHOOSERS)


@hooks.register("construct_main_menu")
def trim_menu(request: HttpRequest, menu_items: list[Any]) -> None:
    """Editors see their pages, pictures and documents, nothing else."""
    if not request.user.is_superuser:
        menu_items[:] = [item for item in menu_items if item.name not in HOUSE_ONLY]


class EveryRule(ContentCheckerItem):
    """Checks pages by all rules of axe, not only by the ten that Wagtail picks."""

    axe_run_only = None


@hooks.register("construct_wagtail_userbar")
def check_every_rule(request: HttpRequest, items: list[Any], page: Any) -> None:
    """Replace Wagtail's own checker."""
    items[:] = [EveryRule(in_editor=item.in_editor) if isinstance(item, ContentCheckerItem) else item for item in items]
