"""Says on cards and pages whether something is marked; the marks of a person are read once for a whole page."""

from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser

from marketplace.notices import favourites
from marketplace.notices.favourites import Marked

register = template.Library()
KEPT = "_market_marked"


@register.simple_tag(takes_context=True)
def is_marked(context: Any, *, article: int = 0, producer: int = 0) -> bool:
    """Whether the person who looks at the page has marked it; works inside an include that is cut off from the page, too."""
    known = _marked(getattr(context, "request", None))
    return article in known.articles or producer in known.producers


def _marked(request: Any) -> Marked:
    if request is None:
        return Marked()
    known: Marked | None = getattr(request, KEPT, None)
    if known is None:
        known = favourites.marked(user=getattr(request, "user", None) or AnonymousUser())
        setattr(request, KEPT, known)
    return known
