"""Writes the cards of articles and the filters of lists: they say the same to everybody (a card but for its heart), so what
was written once is kept."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from marketplace.notices.templatetags.favourites import is_marked
from marketplace.shop.cards import ProducerCard, ProductCard
from marketplace.shop.filters import Chip, Group

register = template.Library()
KEPT, PANELS = 4_000, 500


@register.simple_tag(takes_context=True)
def product_card(context: Any, card: ProductCard, *, eager: bool = False) -> SafeString:
    """The card of an article, for <li> of <ul class="grid" role="list">; `eager` loads its picture at once, for the first row."""
    return _written(card, eager, is_marked(context, article=card.product_id), get_language())


@register.simple_tag(takes_context=True)
def producer_card(context: Any, producer: ProducerCard) -> SafeString:
    """The card of a producer, for <li> of <ul class="grid grid--wide" role="list">."""
    return _producer(producer, is_marked(context, producer=producer.partner_id), get_language())


@register.simple_tag
def chips_of(*, chips: tuple[Chip, ...], label: str) -> SafeString:
    """`components/chips.html`."""
    return _chips(chips, str(label))


@register.simple_tag
def filters_of(
    *, url: str, groups: Sequence[Group], active: int, hidden: tuple[tuple[str, str], ...] = (), target: str = ""
) -> SafeString:
    """`components/filters.html`."""
    return _filters(url, tuple(groups), hidden, active, target, get_language())


@lru_cache(maxsize=PANELS)
def _chips(chips: tuple[Chip, ...], label: str) -> SafeString:
    return render_to_string("components/chips.html", {"chips": chips, "label": label})


@lru_cache(maxsize=PANELS)
def _filters(
    url: str, groups: tuple[Group, ...], hidden: tuple[tuple[str, str], ...], active: int, target: str, _language: str | None
) -> SafeString:
    context = {"url": url, "clear_url": url, "groups": groups, "hidden": hidden, "active": active, "target": target}
    return render_to_string("components/filters.html", context)


@lru_cache(maxsize=KEPT)
def _producer(producer: ProducerCard, marked: bool, _language: str | None) -> SafeString:
    return render_to_string("components/producer_card.html", {"producer": producer, "marked": marked})


@lru_cache(maxsize=KEPT)
def _written(card: ProductCard, eager: bool, marked: bool, _language: str | None) -> SafeString:
    return render_to_string("components/product_card.html", {"card": card, "eager": eager, "marked": marked})
