"""Writes the cards of articles. A card says the same to everybody but for its heart, so what was written once is kept."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from marketplace.notices.templatetags.favourites import is_marked
from marketplace.shop.cards import ProductCard

register = template.Library()
KEPT = 4_000


@register.simple_tag(takes_context=True)
def product_card(context: Any, card: ProductCard, *, eager: bool = False) -> SafeString:
    """The card of an article, for <li> of <ul class="grid" role="list">; `eager` loads its picture at once, for the first row."""
    return _written(card, eager, is_marked(context, article=card.product_id), get_language())


@lru_cache(maxsize=KEPT)
def _written(card: ProductCard, eager: bool, marked: bool, _language: str | None) -> SafeString:
    return render_to_string("components/product_card.html", {"card": card, "eager": eager, "marked": marked})
