"""Writes the sections of a home page: those that say the same to everybody are kept as they were written."""

from functools import lru_cache
from typing import Any, Final

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
#: kinds of blocks without hearts, prices, places or texts with links, which follow pages that are moved
FOR_EVERYBODY: Final = frozenset({"hero", "notice", "categories", "numbers", "season", "stories", "events", "villages", "quote"})
KEPT: Final = 500


@register.simple_tag(takes_context=True)
def section(context: Any, block: Any, values: dict[str, Any], *, first: bool) -> SafeString:
    """``{% section block values first=… %}``: a block of the page in the context with its `values`; fresh in a preview."""
    told = {"first": first, "shown": values.get("shown"), "picture": values.get("picture")}
    page = context["page"]
    if block.block_type not in FOR_EVERYBODY or getattr(context["request"], "is_preview", False):
        return _written(context, block, told)
    version = f"{page.pk}:{page.latest_revision_id}:{page.last_published_at}"
    sizes = tuple((values.get("picture") or {}).items())
    kept = _kept(version, str(block.id), get_language(), first, told["shown"], sizes)
    if not kept:
        kept.append(_written(context, block, told))
    return kept[0]


def _written(context: Any, block: Any, told: dict[str, Any]) -> SafeString:
    written: SafeString = block.render_as_block(context={**context.flatten(), **told})
    return written


@lru_cache(maxsize=KEPT)
def _kept(_version: str, _key: str, _language: str | None, _first: bool, _shown: Any, _picture: Any) -> list[SafeString]:
    """Where the HTML of a published block lies that shows just that; empty until it is written."""
    return []
