"""What templates ask of the editors' pages: `{% load market_pages %}`.

{% main_menu as links %}      links (url, label) of the main menu; empty when no editor set any
{% site_footer %}             the foot of a page: says the same to everybody, so what was written once is kept
{% contact_hours %}           when the phone is answered
"""

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from cms import frames
from cms.frames import Frame, FrameLink

register = template.Library()
#: feet of pages that are kept: a region, a language and what the editors had in it at some time
FEET = 100


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
def site_footer(context: Any) -> SafeString:
    """`components/site_footer.html`."""
    region = context.get("region")
    told = (region.name, region.claim, region.legal_name, region.email) if region is not None else ("", "", "", "")
    return _foot(*told, _frame(context).footer, get_language())


@lru_cache(maxsize=FEET)
def _foot(name: str, claim: str, legal_name: str, email: str, links: tuple[FrameLink, ...], _language: str | None) -> SafeString:
    told = {"name": name, "claim": claim, "legal_name": legal_name, "email": email}
    return render_to_string("components/site_footer.html", {"region": told, "links": links})


@register.simple_tag(takes_context=True)
def contact_hours(context: Any) -> str:
    """When the phone is answered."""
    return _frame(context).contact_hours
