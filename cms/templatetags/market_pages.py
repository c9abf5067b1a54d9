"""What templates ask of the editors' pages: `{% load market_pages %}`.

{% main_menu as links %}      links (url, label) of the main menu; empty when no editor set any
{% footer_links as links %}   links of the foot
{% contact_hours %}           when the phone is answered
"""

from typing import Any

from django import template

from cms import frames
from cms.frames import Frame, FrameLink

register = template.Library()


def _frame(context: Any) -> Frame:
    """Head and foot of a page ask for the same, so the request keeps it."""
    region, request = context.get("region"), context.get("request")
    if region is None:
        return Frame()
    kept = getattr(request, "market_frame", None)
    if kept is not None and kept[0] == region.pk:
        known: Frame = kept[1]
        return known
    frame = frames.frame_of(region=region)
    if request is not None:
        request.market_frame = (region.pk, frame)
    return frame


@register.simple_tag(takes_context=True)
def main_menu(context: Any) -> tuple[FrameLink, ...]:
    """Links of the main menu."""
    return _frame(context).main


@register.simple_tag(takes_context=True)
def footer_links(context: Any) -> tuple[FrameLink, ...]:
    """Links of the foot."""
    return _frame(context).footer


@register.simple_tag(takes_context=True)
def contact_hours(context: Any) -> str:
    """When the phone is answered."""
    return _frame(context).contact_hours
